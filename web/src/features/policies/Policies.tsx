// Who may do what: every policy in words and as it is written, what each role may do, and what others would change.
import { Flex, Tabs, Tag, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { Shapes } from "../../api/client";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { answerOf } from "../../ui/answer";
import { useWords } from "../packs/Packs";
import { usePolicies } from "../packs/queries";
import { RoleDuties } from "./RoleDuties";
import { type Tried, WhatIf } from "./WhatIf";

type All = Shapes["Policies"];

export function Policies() {
  const { t } = useTranslation();
  const policies = answerOf(usePolicies());
  const [asked, ask] = useSearchParams();
  const [tried, put] = useState<Tried>({ texts: {} });
  useTitle(t("nav.policies"));
  if (policies.data === undefined) {
    return policies.instead;
  }
  const tabs = [
    { key: "all", children: <List all={policies.data} /> },
    { key: "roles", children: <Roles all={policies.data} /> },
    { key: "whatIf", children: <WhatIf all={policies.data} tried={tried} put={put} /> },
  ];
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("nav.policies")}
      </Typography.Title>
      {policies.note}
      <Typography.Paragraph style={{ margin: 0 }}>{t("policies.why")}</Typography.Paragraph>
      <Tabs
        activeKey={asked.get("tab") ?? "all"}
        onChange={(tab) => ask(tab === "all" ? {} : { tab }, { replace: true })}
        destroyOnHidden
        items={tabs.map((one) => ({ ...one, label: t(`policies.tab_${one.key}`) }))}
      />
    </Flex>
  );
}

function List({ all }: { all: All }) {
  const { t, i18n } = useTranslation();
  const search = useWords(t("packs.search"));
  const rows = all.policies.filter(search.fits);
  return (
    <Flex vertical gap={8}>
      {search.box}
      {rows.map((one) => (
        <article key={one.id} className="tile" aria-label={one.id}>
          <Flex gap={8} wrap align="baseline">
            <strong>{one.say ? said(one.say, i18n.language) : one.id}</strong>
            <Tag variant="outlined" style={{ margin: 0 }}>
              {one.forbids ? t("policies.forbids") : t("policies.permits")}
            </Tag>
            {one.by_proof && <Typography.Text type="secondary">{t("policies.unlessProof")}</Typography.Text>}
            {one.own && (
              <Tag variant="outlined" style={{ margin: 0 }}>
                {t("packs.ofHouse")}
              </Tag>
            )}
          </Flex>
          <Typography.Text type="secondary">
            <code>{one.id}</code> · {one.rule} · {one.clause} · <code>{one.file}</code>
          </Typography.Text>
          <span>{one.kinds.map((kind) => said(kind, i18n.language)).join(t("list.and"))}</span>
          <details>
            <summary>{t("policies.text")}</summary>
            <pre className="pre code">{one.text}</pre>
          </details>
        </article>
      ))}
    </Flex>
  );
}

function Roles({ all }: { all: All }) {
  const { t } = useTranslation();
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">{t("policies.rolesWhy")}</Typography.Text>
      {all.roles.map((one) => (
        <section key={one.role} aria-label={t(`role.${one.role}`)}>
          <Typography.Title level={2} style={{ fontSize: 15, margin: "4px 0" }}>
            {t(`role.${one.role}`)}
          </Typography.Title>
          <RoleDuties role={one} />
        </section>
      ))}
    </Flex>
  );
}
