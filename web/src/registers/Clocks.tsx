// What runs out when: a word and a day, colour only beside them.
import { Alert, Flex, Typography } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { said } from "../app/language";
import { useDates } from "../ui/When";
import type { Definition } from "./definition";

/** Days from which on a deadline stands out. */
const SOON = 30;

export function Clocks({ definition, clocks }: { definition: Definition; clocks: Shapes["ClockState"][] }) {
  const { t, i18n } = useTranslation();
  const dates = useDates();
  const running = clocks.filter((clock) => clock.state === "running" || clock.state === "overdue");
  if (running.length === 0) {
    return null;
  }
  return (
    <Flex vertical gap={6} style={{ marginTop: 12 }}>
      {running.map((clock) => {
        const name =
          said(definition.clocks.find((one) => one.key === clock.key)?.name, i18n.language) || clock.key;
        const late = clock.state === "overdue";
        const days = Math.abs(dayjs(clock.due_at).diff(dayjs(), "day"));
        const text = t(late ? "clock.late" : "clock.due", {
          name,
          at: dates.instant(clock.due_at),
          count: days,
        });
        return !late && days > SOON ? (
          <Typography.Text type="secondary" key={`${clock.key} ${clock.started_at}`}>
            {text}
          </Typography.Text>
        ) : (
          <Alert
            key={`${clock.key} ${clock.started_at}`}
            type={late ? "error" : "info"}
            showIcon
            title={text}
          />
        );
      })}
    </Flex>
  );
}
