// Every key there is; none that does nothing for who reads it.
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { administers, has, useMe } from "../app/session";

export function KeyList({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const business = !administers(me);
  const keys: [string, string][] = [
    ["/", t("help.key_find")],
    ["?", t("help.key_list")],
    ...(business
      ? ([
          ["g d", t("nav.desk")],
          ["g i", t("nav.inbox")],
          ["g f", t("imports.mine")],
        ] as [string, string][])
      : ([["g a", t("nav.accounts")]] as [string, string][])),
    ...(has(me, "audit_admin") ? ([["g l", t("nav.log")]] as [string, string][]) : []),
    ["g m", t("mine.title")],
    ["n", t("help.key_new")],
    ["j  k  ↓  ↑", t("help.key_rows")],
    ["Enter", t("help.key_open")],
    ["Esc", t("help.key_close")],
  ];
  return (
    <Modal open onCancel={close} footer={null} title={t("help.keys")} width={420}>
      <p>{t("help.when")}</p>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t("help.key")}</th>
            <th scope="col">{t("help.does")}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(([key, does]) => (
            <tr key={key}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
