// The whole page shows the highest level on it, on the screen and on paper; paper also says who had it printed, and when.
import { Flex } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { highest, LevelTag } from "../ui/Mark";
import { useShown } from "../ui/shown";
import { useDates } from "../ui/When";
import { useMe } from "./session";

/** The highest of each family: a state secret and a trade secret do not outrank one another. */
function ofEach(levels: string[]): string[] {
  const families = [...new Set(levels.map((level) => level.split(".")[0]))];
  return families.flatMap((family) => highest(levels.filter((one) => one.startsWith(`${family}.`))) ?? []);
}

export function Banner() {
  const { t } = useTranslation();
  const levels = ofEach(useShown());
  if (levels.length === 0) {
    return null;
  }
  return (
    <Flex className="page-level" gap={8} align="center" wrap role="note">
      <span>{t("page.highest")}</span>
      {levels.map((level) => (
        <LevelTag key={level} level={level} />
      ))}
    </Flex>
  );
}

/** Stands on each sheet that the browser prints of a page. */
export function PrintHead() {
  const { t } = useTranslation();
  const me = useMe();
  const dates = useDates();
  const levels = ofEach(useShown());
  const [at, setAt] = useState(() => new Date().toISOString());
  useEffect(() => {
    const now = () => setAt(new Date().toISOString());
    window.addEventListener("beforeprint", now);
    return () => window.removeEventListener("beforeprint", now);
  }, []);
  return (
    <div className="print-head">
      {/* WHY a box in the box: a head that is repeated is a row of a table, which has no inside of its own */}
      <div>
        {levels.map((level) => (
          <LevelTag key={level} level={level} />
        ))}
        <span>{t("page.printed", { name: me.person?.name ?? me.name, at: dates.instant(at) })}</span>
      </div>
    </div>
  );
}
