// How much has come that was not seen yet; what it is opens beside the page.
import { BellOutlined } from "@ant-design/icons";
import { Badge, Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeeping, useKept } from "../registers/kept";
import { useNotices } from "../registers/queries";

const NoticesDrawer = lazy(() =>
  import("../features/notices/NoticesDrawer").then((module) => ({ default: module.NoticesDrawer })),
);

export function Bell() {
  const { t } = useTranslation();
  const notices = useNotices();
  const seen = useKept("seen");
  const keeping = useKeeping("seen");
  const [open, setOpen] = useState(false);
  const until = String(seen.data?.find((one) => one.key === "notices")?.body.until ?? "");
  const all = notices.data ?? [];
  const fresh = seen.data ? all.filter((one) => Date.parse(one.at) > (Date.parse(until) || 0)).length : 0;
  const close = () => {
    setOpen(false);
    const newest = all[0]?.at;
    if (fresh > 0 && newest !== undefined) {
      keeping.put.mutate({ key: "notices", body: { until: newest } });
    }
  };
  return (
    <>
      <Badge count={fresh} size="small" overflowCount={49} offset={[-6, 6]}>
        <Button
          type="text"
          icon={<BellOutlined aria-hidden="true" />}
          aria-label={fresh > 0 ? t("live.new", { count: fresh }) : t("live.none")}
          onClick={() => setOpen(true)}
        />
      </Badge>
      {open && (
        <Suspense fallback={null}>
          <NoticesDrawer until={until} close={close} />
        </Suspense>
      )}
    </>
  );
}
