// What came, newest first; what was not seen yet is marked in words.
import { Drawer, Grid, Tag, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import { registerNamed } from "../../registers/definition";
import { NameOf } from "../../registers/fields/NameOf";
import { useDefinitions, useNotices } from "../../registers/queries";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";

export function NoticesDrawer({ until, close }: { until: string; close: () => void }) {
  const { t, i18n } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const notices = useNotices();
  const definitions = useDefinitions();
  const seen = Date.parse(until) || 0;
  const nameOf = (key: string) => said(registerNamed(definitions.data, key)?.name, i18n.language) || key;
  return (
    <Drawer
      open
      onClose={close}
      size={wide ? 420 : "100%"}
      title={t("live.title")}
      closable={{ "aria-label": t("act.close") }}
    >
      {notices.error && <ProblemNote error={notices.error} />}
      {notices.data?.length === 0 && (
        <Typography.Text type="secondary">{t("desk.noNotices")}</Typography.Text>
      )}
      <ul className="plain-list rows">
        {(notices.data ?? []).map((notice) => (
          <li key={`${notice.record}${notice.kind}${notice.at}`}>
            <div>
              {Date.parse(notice.at) > seen && (
                <Tag variant="outlined" style={{ marginInlineEnd: 6 }}>
                  {t("live.fresh")}
                </Tag>
              )}
              <strong>{t(`notice.${notice.kind.replace(".", "_")}`, { defaultValue: notice.kind })}</strong>{" "}
              {nameOf(notice.register)}
            </div>
            <div>
              <NameOf id={notice.record} />{" "}
              <Typography.Text type="secondary">
                <When at={notice.at} />
              </Typography.Text>
            </div>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
