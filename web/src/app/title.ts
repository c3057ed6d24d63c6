// What the browser's tab says: where one is, and never what a record is about, for tabs are seen over shoulders.
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

export function useTitle(place: string) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${place} · ${t("name")}`;
  }, [place, t]);
}
