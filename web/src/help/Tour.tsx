// The first way round, in plain words: different for who does the work, who administers, and who audits.
import { Tour as Steps, type TourStepProps } from "antd";
import { useTranslation } from "react-i18next";
import { administers, has, useMe } from "../app/session";

const PLACES: Record<string, string> = {
  find: "header input",
  nav: "nav .ant-menu",
  content: "#content",
  me: "[data-tour='me']",
  help: "[data-tour='help']",
};

/** What each is shown, and where. */
const WAYS: Record<"business" | "administrator" | "auditor", [string, string][]> = {
  business: [
    ["welcome", ""],
    ["desk", "content"],
    ["nav", "nav"],
    ["find", "find"],
    ["me", "me"],
    ["help", "help"],
  ],
  administrator: [
    ["welcome", ""],
    ["two", "content"],
    ["nav", "nav"],
    ["me", "me"],
    ["help", "help"],
  ],
  auditor: [
    ["welcome", ""],
    ["log", "content"],
    ["nav", "nav"],
    ["me", "me"],
    ["help", "help"],
  ],
};

export function Tour({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const side = has(me, "audit_admin") ? "auditor" : administers(me) ? "administrator" : "business";
  const way = WAYS[side];
  const steps: TourStepProps[] = way.map(([key, place], at) => {
    const on = place === "" ? null : document.querySelector<HTMLElement>(PLACES[place] ?? "");
    return {
      title: t(`tour.${key}`),
      description: t(`tour.${key}_what`),
      // WHY none for the content: what is as high as the page leaves its words no place
      target: place === "content" || on === null || on.offsetParent === null ? null : () => on,
      nextButtonProps: { children: t(at === way.length - 1 ? "tour.done" : "tour.next") },
      prevButtonProps: { children: t("tour.back") },
    };
  });
  return (
    <Steps
      open
      steps={steps}
      onClose={close}
      onFinish={close}
      // within the page, where readers of screens find it
      getPopupContainer={() => document.querySelector<HTMLElement>("#content") ?? document.body}
    />
  );
}
