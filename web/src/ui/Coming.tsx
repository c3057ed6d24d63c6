// What stands in the place of something until it is there. WHY not antd's own as it is: its title is a heading without a
// word, which those who go from heading to heading land on.
import { Skeleton } from "antd";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";

export function Coming({ rows = 4, style }: { rows?: number; style?: CSSProperties }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy="true" aria-label={t("page.coming")} style={style}>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
