// Taking a file into a register: an empty sheet to fill in, or one's own, chosen or dropped here.
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Card, Empty, Flex, Select, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import type { Definition } from "../../registers/definition";
import { takeFile } from "../../registers/download";
import { useDefinitions } from "../../registers/queries";
import { Coming } from "../../ui/Coming";
import { DropPlace } from "../../ui/DropPlace";
import { ProblemNote } from "../../ui/ProblemNote";
import { send, takenBy } from "./send";

export function BeginImport() {
  const { t } = useTranslation();
  const { register = "" } = useParams();
  const definitions = useDefinitions();
  if (definitions.isPending) {
    return <Coming />;
  }
  const definition = definitions.data?.find((one) => one.key === register);
  return definition ? <Known definition={definition} /> : <Empty description={t("register.none")} />;
}

function Known({ definition }: { definition: Definition }) {
  const { t, i18n } = useTranslation();
  const name = said(definition.name, i18n.language);
  const title = t("imports.into", { name });
  useTitle(title);
  return (
    <Flex vertical gap={12}>
      <div>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {title}
        </Typography.Title>
        <Typography.Text type="secondary">{t("imports.why")}</Typography.Text>
      </div>
      <Flex gap={16} wrap component="nav" aria-label={t("imports.ways")}>
        <Link to={`/registers/${definition.key}`}>{name}</Link>
        <Link to="/imports">{t("imports.mine")}</Link>
      </Flex>
      <Template definition={definition} />
      <Choose definition={definition} />
    </Flex>
  );
}

function Template({ definition }: { definition: Definition }) {
  const { t, i18n } = useTranslation();
  const actions = takenBy(definition, useMe().roles);
  const [action, setAction] = useState(actions[0]?.key);
  const take = useMutation({
    mutationFn: (format: string) => {
      const language = i18n.language === "zh-CN" ? "zh" : "en";
      const query = new URLSearchParams({ format, language, ...(action ? { action } : {}) });
      const file = `${said(definition.name, i18n.language)}.${format}`;
      return takeFile(`/api/v1/registers/${definition.key}/template?${query}`, file);
    },
  });
  return (
    <Card size="small" title={t("imports.template")}>
      <Typography.Paragraph type="secondary">{t("imports.templateWhat")}</Typography.Paragraph>
      <Flex gap={8} wrap>
        {actions.length > 1 && (
          <Select
            aria-label={t("imports.action")}
            style={{ minWidth: 180 }}
            value={action as never}
            onChange={(key: string) => setAction(key)}
            options={actions.map((one) => ({ value: one.key, label: said(one.name, i18n.language) }))}
          />
        )}
        {["xlsx", "csv"].map((format) => (
          <Button
            key={format}
            icon={<DownloadOutlined aria-hidden="true" />}
            loading={take.isPending && take.variables === format}
            onClick={() => take.mutate(format)}
          >
            {t(`export.${format}`)}
          </Button>
        ))}
      </Flex>
      {take.error && <ProblemNote error={take.error} />}
    </Card>
  );
}

function Choose({ definition }: { definition: Definition }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const [part, tell] = useState(0);
  const sent = useMutation({
    mutationFn: (file: File) => send(definition.key, file, tell),
    onSuccess: (taken) => go(`/imports/${taken.id}`),
  });
  const [left, leave] = useState<string[]>([]);
  const take = (files: File[]) => {
    const [file, ...others] = sent.isPending ? [undefined, ...files] : files;
    leave(others.flatMap((one) => one?.name ?? []));
    if (file) {
      tell(0);
      sent.mutate(file);
    }
  };
  return (
    <Card size="small" title={t("imports.file")}>
      <DropPlace
        words={{
          name: t("imports.file"),
          choose: t("imports.choose"),
          drop: t("imports.drop"),
          sending: t("imports.sending"),
        }}
        accept=".xlsx,.csv,.txt"
        sent={sent.isPending ? part : undefined}
        take={take}
      />
      {left.length > 0 && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          style={{ marginTop: 10 }}
          title={<bdi>{t("imports.oneByOne", { names: left.join(t("list.and")) })}</bdi>}
        />
      )}
      {sent.error && (
        <div style={{ marginTop: 10 }}>
          <ProblemNote error={sent.error} />
        </div>
      )}
    </Card>
  );
}
