// The auditor's page: every entry of the log in its order, as it was sealed, and the proof that it is in it.
import { useQuery } from "@tanstack/react-query";
import { Card, Flex, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, got } from "../../api/client";
import { useTitle } from "../../app/title";
import { ProblemNote } from "../../ui/ProblemNote";
import { useLogAsked } from "./asked";
import { Entries } from "./Entries";
import { LogFilters } from "./LogFilters";

export function Log() {
  const { t } = useTranslation();
  const [asked, ask] = useLogAsked();
  useTitle(t("nav.log"));
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("nav.log")}
      </Typography.Title>
      <Checkpoint />
      <LogFilters asked={asked} ask={ask} />
      <Entries asked={asked} ask={ask} />
    </Flex>
  );
}

/** The signed head: whoever has kept an older one can prove that nothing was taken away. */
function Checkpoint() {
  const { t } = useTranslation();
  const head = useQuery({
    queryKey: ["checkpoint"],
    queryFn: async () => {
      const text = await got(api.GET("/api/v1/log/checkpoint", { parseAs: "text" }));
      return String(text);
    },
  });
  const [origin = "", size = "", root = ""] = (head.data ?? "").split("\n");
  return (
    <Card size="small" title={t("log.checkpoint")}>
      {head.error ? (
        <ProblemNote error={head.error} />
      ) : (
        <Flex vertical gap={4}>
          <span>{t("log.head", { origin, size })}</span>
          <Typography.Text code copyable={{ text: head.data ?? "" }} style={{ overflowWrap: "anywhere" }}>
            {root}
          </Typography.Text>
          <Typography.Text type="secondary">{t("log.keep")}</Typography.Text>
        </Flex>
      )}
    </Card>
  );
}
