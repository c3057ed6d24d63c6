// One definition, to be read by the head of an office: what is written down, which way it goes, who does what, which
// rules hold. Its text, its history and a check of another version beside it.
import { Alert, Flex, Tabs, Tag, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { useDefinitions } from "../../registers/queries";
import { answerOf } from "../../ui/answer";
import { When } from "../../ui/When";
import { Changes } from "./Changes";
import { CheckPanel, type Written } from "./CheckPanel";
import { DefinitionView, type Whole } from "./DefinitionView";
import { useWords } from "./Packs";
import { usePacks, useSource } from "./queries";

export function DefinitionPage() {
  const { register = "" } = useParams();
  const { t, i18n } = useTranslation();
  const definitions = answerOf(useDefinitions());
  const source = answerOf(useSource(register));
  const packs = answerOf(usePacks());
  const [asked, ask] = useSearchParams();
  const [written, write] = useState<Record<string, Written>>({});
  const definition = definitions.data?.find((one) => one.key === register) as Whole | undefined;
  const name = definition ? said(definition.name, i18n.language) : "";
  useTitle(name || t("nav.packs"));
  if (definitions.data === undefined) {
    return definitions.instead;
  }
  if (source.data === undefined) {
    return source.instead;
  }
  if (packs.data === undefined) {
    return packs.instead;
  }
  if (!definition) {
    return <Alert type="warning" title={t("register.none")} />;
  }
  const rules = packs.data.rules.filter((one) => one.register === register);
  const tabs = [
    {
      key: "words",
      children: <DefinitionView definition={definition} all={definitions.data} rules={rules} />,
    },
    { key: "text", children: <Texts files={[source.data, ...named(source.data.extensions)]} /> },
    { key: "history", children: <History source={source.data} /> },
    {
      key: "check",
      children: (
        <CheckPanel
          from={{ name: source.data.file, text: source.data.text }}
          written={written[register]}
          write={(one) => write({ ...written, [register]: one })}
        />
      ),
    },
  ];
  return (
    <Flex vertical gap={8}>
      <Link to="/packs?tab=definitions">{t("packs.back")}</Link>
      {definitions.note ?? source.note ?? packs.note}
      <Flex gap={8} align="baseline" wrap>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {name}
        </Typography.Title>
        <Tag variant="outlined" style={{ margin: 0 }}>
          {t("packs.versionOf", { version: definition.version })}
        </Tag>
        <code>{source.data.file}</code>
        <Link to={`/registers/${register}`}>{t("packs.toRecords")}</Link>
      </Flex>
      <Typography.Paragraph style={{ margin: 0 }}>
        {said(definition.help, i18n.language)}
      </Typography.Paragraph>
      <Tabs
        activeKey={asked.get("tab") ?? "words"}
        onChange={(tab) => ask(tab === "words" ? {} : { tab }, { replace: true })}
        destroyOnHidden
        items={tabs.map((one) => ({ ...one, label: t(`definition.tab_${one.key}`) }))}
      />
    </Flex>
  );
}

type Text = { file: string; text: string };

function named(files: { name: string; text: string }[]): Text[] {
  return files.map(({ name, text }) => ({ file: name, text }));
}

function Texts({ files }: { files: Text[] }) {
  const { t } = useTranslation();
  const search = useWords(t("packs.search"));
  return (
    <Flex vertical gap={8}>
      {search.box}
      {files.map(({ file, text }) => {
        const lines = text.split("\n").map((line, at) => ({ line, at: at + 1 }));
        const shown = search.words === "" ? lines : lines.filter(({ line }) => search.fits(line));
        return (
          <figure key={file} style={{ margin: 0 }}>
            <figcaption>
              <code>{file}</code>
            </figcaption>
            <pre className="pre code">
              {shown.map(({ line, at }) => `${String(at).padStart(4)}  ${line}`).join("\n")}
            </pre>
          </figure>
        );
      })}
    </Flex>
  );
}

/** The house keeps what was understood of each version, and when it came into use. */
function History({ source }: { source: NonNullable<ReturnType<typeof useSource>["data"]> }) {
  const { t } = useTranslation();
  return (
    <Flex vertical gap={16}>
      <Typography.Text type="secondary">{t("definition.historyWhy")}</Typography.Text>
      {source.versions.map((one) => (
        <section key={one.n} aria-label={t("definition.nth", { n: one.n })}>
          <Flex gap={8} wrap align="baseline">
            <strong>{t("definition.nth", { n: one.n })}</strong>
            <span>
              {t("packs.versionOf", { version: one.version ?? 1 })} · <When at={one.at} />
            </span>
            <Typography.Text type="secondary">
              <code>{one.digest.slice(0, 16)}</code>
            </Typography.Text>
          </Flex>
          {one.n === 1 ? t("definition.first") : <Changes changes={one.changes} />}
        </section>
      ))}
    </Flex>
  );
}
