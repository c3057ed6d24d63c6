// The rules of the house: which regimes hold, every parameter and rule with its source, every definition.
import { PrinterOutlined } from "@ant-design/icons";
import { Alert, Button, Card, Flex, Input, Tabs, Tag, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import type { Shapes } from "../../api/client";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { answerOf } from "../../ui/answer";
import { useDates } from "../../ui/When";
import { CheckPanel, type Written } from "./CheckPanel";
import { usePacks } from "./queries";

type All = Shapes["Packs"];

export function Packs() {
  const { t } = useTranslation();
  const packs = answerOf(usePacks());
  const [asked, ask] = useSearchParams();
  const [written, write] = useState<Written>();
  useTitle(t("nav.packs"));
  if (packs.data === undefined) {
    return packs.instead;
  }
  const tabs = [
    { key: "parameters", children: <Parameters packs={packs.data} /> },
    { key: "rules", children: <Rules packs={packs.data} /> },
    { key: "definitions", children: <Definitions packs={packs.data} /> },
    { key: "check", children: <CheckPanel written={written} write={write} /> },
  ];
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("nav.packs")}
      </Typography.Title>
      {packs.note}
      <Regimes packs={packs.data} />
      <Tabs
        activeKey={asked.get("tab") ?? "parameters"}
        onChange={(tab) => ask(tab === "parameters" ? {} : { tab }, { replace: true })}
        destroyOnHidden
        items={tabs.map((one) => ({ ...one, label: t(`packs.tab_${one.key}`) }))}
      />
    </Flex>
  );
}

/** Under which regimes the house is, the strictest word of all of them holding. */
function Regimes({ packs }: { packs: All }) {
  const { t, i18n } = useTranslation();
  return (
    <Card size="small" title={t("packs.regimes")}>
      <Flex vertical gap={6}>
        <span>
          {t("packs.strictest")} {t(`packs.content_${packs.content}`)}
        </span>
        {packs.regimes.map((one) => (
          <Flex key={one.key} gap={8} wrap align="baseline">
            <strong>{said(one.name, i18n.language)}</strong>
            <Tag variant="outlined" style={{ margin: 0 }}>
              {one.in_force ? t("packs.inForce") : one.attached ? t("packs.attached") : t("packs.notUsed")}
            </Tag>
            <Typography.Text type="secondary">
              <code>{one.file}</code> {one.help ? said(one.help, i18n.language) : ""}
            </Typography.Text>
          </Flex>
        ))}
      </Flex>
    </Card>
  );
}

/** A box above a list that leaves in it what has all of the words. */
export function useWords(label: string) {
  const [words, setWords] = useState("");
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return {
    words,
    fits: (one: unknown) => {
      const text = JSON.stringify(one).toLowerCase();
      return parts.every((part) => text.includes(part));
    },
    box: (
      <Input
        className="off-paper"
        value={words}
        allowClear
        maxLength={100}
        placeholder={label}
        aria-label={label}
        onChange={(event) => setWords(event.target.value)}
        style={{ maxWidth: 320 }}
      />
    ),
  };
}

/** Printed by the browser: what is on the page, whose it is and when. */
function OnPaper({ title }: { title: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const dates = useDates();
  return (
    <div className="on-paper">
      <h2>{title}</h2>
      {t("packs.printedBy", {
        name: me.person?.name ?? me.name,
        at: dates.instant(new Date().toISOString()),
      })}
    </div>
  );
}

function Bar({ box, count }: { box: React.ReactNode; count: number }) {
  const { t } = useTranslation();
  return (
    <Flex gap={8} align="center" wrap className="off-paper" style={{ marginBottom: 8 }}>
      {box}
      <Typography.Text type="secondary">{t("packs.count", { count })}</Typography.Text>
      <Button icon={<PrinterOutlined aria-hidden="true" />} onClick={() => window.print()}>
        {t("packs.print")}
      </Button>
    </Flex>
  );
}

function Parameters({ packs }: { packs: All }) {
  const { t, i18n } = useTranslation();
  const say = (text: Shapes["Text"] | null | undefined) => (text ? said(text, i18n.language) : "");
  const nameOf = (key: string) => say(packs.regimes.find((one) => one.key === key)?.name) || key;
  const search = useWords(t("packs.search"));
  const rows = packs.parameters.filter(search.fits);
  return (
    <>
      <OnPaper title={t("packs.tab_parameters")} />
      <Bar box={search.box} count={rows.length} />
      <div className="scroll-x broad">
        <table className="grid">
          <thead>
            <tr>
              <th>{t("packs.parameter")}</th>
              <th>{t("packs.value")}</th>
              <th>{t("packs.base")}</th>
              <th>{t("packs.setBy")}</th>
              <th>{t("packs.stricter")}</th>
              <th>{t("packs.source")}</th>
              <th>{t("packs.byRegime")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.key}>
                <td>
                  {say(one.help) || one.key}
                  <br />
                  <Typography.Text type="secondary">
                    <code>{one.key}</code>
                  </Typography.Text>
                </td>
                <td>
                  <strong>{say(one.value)}</strong>
                </td>
                <td>{one.differs ? say(one.base) : t("packs.same")}</td>
                <td>{one.set_by.map(nameOf).join(t("list.and"))}</td>
                <td>
                  {t(`packs.stricter_${one.stricter}`)}
                  {one.min && <div>{t("packs.least", { value: say(one.min) })}</div>}
                  {one.max && <div>{t("packs.most", { value: say(one.max) })}</div>}
                </td>
                <td>
                  {one.rule}
                  {one.clause && <div>{one.clause}</div>}
                </td>
                <td>
                  {one.regimes.map((word) => (
                    <div key={word.regime}>
                      {nameOf(word.regime)} {say(word.says)}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Rules({ packs }: { packs: All }) {
  const { t, i18n } = useTranslation();
  const search = useWords(t("packs.search"));
  const rows = packs.rules.filter(search.fits);
  const others = packs.regimes.filter((one) => one.key !== "base");
  return (
    <>
      <OnPaper title={t("packs.tab_rules")} />
      <Bar box={search.box} count={rows.length} />
      <div className="scroll-x broad">
        <table className="grid">
          <thead>
            <tr>
              <th>{t("packs.rule")}</th>
              <th>{t("packs.says")}</th>
              <th>{t("packs.register")}</th>
              <th>{t("packs.severity")}</th>
              <th>{t("packs.source")}</th>
              <th>{t("packs.byRegime")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={`${one.register} ${one.id} ${one.on.join()} ${one.say.en}`}>
                <td>{one.id}</td>
                <td>{said(one.say, i18n.language)}</td>
                <td>
                  <Link to={`/packs/${one.register}`}>{said(one.register_name, i18n.language)}</Link>
                </td>
                <td>
                  {t(`packs.severity_${one.severity}`)}
                  {one.fixed && <div>{t("packs.fixed")}</div>}
                </td>
                <td>
                  {one.clause}
                  <div>{t(`packs.letter_${one.letter.replace("*", "_part")}`)}</div>
                </td>
                <td>
                  {others
                    .filter((regime) => one.regimes[regime.key] !== one.severity)
                    .map((regime) => (
                      <div key={regime.key}>
                        {said(regime.name, i18n.language)} {t(`packs.severity_${one.regimes[regime.key]}`)}
                      </div>
                    ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Definitions({ packs }: { packs: All }) {
  const { t, i18n } = useTranslation();
  const search = useWords(t("packs.search"));
  const rows = packs.registers.filter(search.fits);
  return (
    <>
      <Alert
        type="info"
        title={
          packs.house.length > 0
            ? t("packs.own", { files: packs.house.join(t("list.and")) })
            : t("packs.noOwn")
        }
        style={{ marginBottom: 8 }}
      />
      <Bar box={search.box} count={rows.length} />
      <div className="scroll-x broad">
        <table className="grid">
          <thead>
            <tr>
              <th>{t("packs.register")}</th>
              <th>{t("packs.chapter")}</th>
              <th>{t("packs.what")}</th>
              <th>{t("packs.version")}</th>
              <th>{t("packs.ruleCount")}</th>
              <th>{t("packs.file")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.key}>
                <td>
                  <Link to={`/packs/${one.key}`}>{said(one.name, i18n.language)}</Link>
                </td>
                <td>{t(`area.${one.area}`, { defaultValue: one.area })}</td>
                <td>{said(one.help, i18n.language)}</td>
                <td>{one.version}</td>
                <td>{one.rules}</td>
                <td>
                  {[one.file, ...one.extended_by].map((file) => (
                    <div key={file}>
                      <code>{file}</code>
                    </div>
                  ))}
                  {one.own && (
                    <Tag variant="outlined" style={{ margin: 0 }}>
                      {t("packs.ofHouse")}
                    </Tag>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
