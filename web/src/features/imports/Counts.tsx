// How many rows came to what.
import { Flex, Tag } from "antd";
import { useTranslation } from "react-i18next";

const ORDER = ["waiting", "would", "made", "waits", "failed"];

export function Counts({ counts }: { counts: Record<string, number> }) {
  const { t } = useTranslation();
  const known = ORDER.filter((key) => (counts[key] ?? 0) > 0);
  const rest = Object.keys(counts).filter((key) => !ORDER.includes(key) && (counts[key] ?? 0) > 0);
  return (
    <Flex gap={6} wrap>
      {[...known, ...rest].map((key) => (
        <Tag
          key={key}
          variant="outlined"
          style={{ margin: 0 }}
          {...(key === "failed" ? { color: "error" } : {})}
        >
          {t(`imports.came_${key}`, { defaultValue: key })} {counts[key]}
        </Tag>
      ))}
    </Flex>
  );
}
