// Policies that are not in use yet: who would gain what by them, who would lose what, and by which policy.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Flex, Form, Input, Select, Tag, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, got, type Shapes } from "../../api/client";
import { said } from "../../app/language";
import { ProblemNote } from "../../ui/ProblemNote";
import { Mistakes, TextDiff } from "../packs/Changes";

type Outcome = Shapes["WhatIf"];
type Shift = Shapes["Shift"];

const NEW = "house/site.cedar";

/** A policy to begin with, as a house might want one. */
const SAMPLE = `@id("house.no_print_top_secret")
@rule("house")
@clause("…")
@zh("绝密级不得打印")
@en("top secret is not printed")
forbid (
  principal,
  action == Action::"print",
  resource
)
when { context.levels.contains(Level::"state.top_secret") };
`;

/** Which file is looked at, and what was written into each. */
export type Tried = { name?: string; texts: Record<string, string> };

type Props = {
  all: Shapes["Policies"];
  /** Kept by the page, for it is there still when somebody has looked at another part of it. */
  tried: Tried;
  put: (tried: Tried) => void;
};

export function WhatIf({ all, tried, put }: Props) {
  const { t } = useTranslation();
  const asItIs = (name: string) => all.files.find((one) => one.name === name)?.text ?? SAMPLE;
  const textOf = (name: string) => tried.texts[name] ?? asItIs(name);
  const isChanged = (name: string) => textOf(name) !== asItIs(name);
  const own = all.files.find((one) => one.name.startsWith("house/"));
  const chosen = tried.name ?? own?.name ?? NEW;
  const names = [...new Set([...all.files.map((one) => one.name), NEW])];
  // all that was changed counts together, whichever of it is looked at
  const asked = names.filter((name) => name === chosen || isChanged(name));
  const ask = useMutation({
    mutationFn: () =>
      got(
        api.POST("/api/v1/policies/what-if", {
          body: { files: asked.map((name) => ({ name, text: textOf(name) })) },
        }),
      ),
  });
  const write = (text: string) => put({ name: chosen, texts: { ...tried.texts, [chosen]: text } });
  return (
    <Flex vertical gap={12}>
      <Typography.Paragraph style={{ margin: 0 }}>{t("policies.whatIfWhy")}</Typography.Paragraph>
      <Form layout="vertical" onFinish={() => ask.mutate()}>
        <Form.Item label={t("packs.fileName")} htmlFor="what-if-file">
          <Select
            id="what-if-file"
            value={chosen}
            onChange={(name) => put({ ...tried, name })}
            options={names.map((value) => ({
              value,
              label: isChanged(value) ? `${value} · ${t("policies.changed")}` : value,
            }))}
            style={{ maxWidth: 420 }}
          />
        </Form.Item>
        <Form.Item label={t("policies.text")} htmlFor="what-if-text">
          <Input.TextArea
            id="what-if-text"
            className="code"
            rows={14}
            value={textOf(chosen)}
            spellCheck={false}
            onChange={(event) => write(event.target.value)}
          />
        </Form.Item>
        <Flex gap={8} wrap>
          <Button type="primary" htmlType="submit" loading={ask.isPending}>
            {t("policies.ask")}
          </Button>
          {isChanged(chosen) && <Button onClick={() => write(asItIs(chosen))}>{t("policies.asItIs")}</Button>}
        </Flex>
      </Form>
      {ask.error && <ProblemNote error={ask.error} />}
      {ask.data && <Told told={ask.data} />}
    </Flex>
  );
}

function Told({ told }: { told: Outcome }) {
  const { t } = useTranslation();
  if (told.mistakes.length > 0) {
    return (
      <>
        <Alert
          type="error"
          role="status"
          showIcon
          title={t("packs.mistakes", { count: told.mistakes.length })}
        />
        <Mistakes mistakes={told.mistakes} />
      </>
    );
  }
  const sides: [string, Shift[]][] = [
    ["loses", told.shifts.filter((one) => !one.gains)],
    ["gains", told.shifts.filter((one) => one.gains)],
  ];
  const asked = { compared: told.compared, of: told.of, accounts: told.accounts, roles: told.roles };
  return (
    <section aria-label={t("packs.outcome")}>
      <Flex vertical gap={12}>
        <Alert
          type="info"
          role="status"
          showIcon
          title={
            told.shifts.length === 0
              ? t("policies.noShift")
              : t("policies.shifts", { count: told.shifts.length })
          }
          description={
            <>
              {t("policies.compared", asked)}
              {told.compared < told.of && ` ${t("policies.inPart")}`}
              {told.otherwise > 0 && ` ${t("policies.otherwise", { count: told.otherwise })}`}
              <div>{told.of_program.length > 0 ? t("policies.ofProgram") : t("policies.howToUse")}</div>
            </>
          }
        />
        {sides.map(
          ([side, shifts]) =>
            shifts.length > 0 && (
              <section key={side} aria-label={t(`policies.who_${side}`)}>
                <Typography.Title level={2} style={{ fontSize: 15, margin: "4px 0" }}>
                  {t(`policies.who_${side}`)}
                </Typography.Title>
                <Shifts shifts={shifts} />
              </section>
            ),
        )}
        {told.files.map((one) => (
          <TextDiff key={one.name} lines={one.lines} label={one.name} />
        ))}
      </Flex>
    </section>
  );
}

function Shifts({ shifts }: { shifts: Shift[] }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="scroll-x">
      <table className="grid">
        <thead>
          <tr>
            <th>{t("policies.act")}</th>
            <th>{t("policies.whom")}</th>
            <th>{t("policies.when")}</th>
            <th>{t("policies.today")}</th>
            <th>{t("policies.then")}</th>
          </tr>
        </thead>
        <tbody>
          {shifts.map((one) => (
            <tr key={JSON.stringify([one.kind, one.before, one.after, one.roles, one.accounts])}>
              <td>{said(one.name, i18n.language)}</td>
              <td>
                {one.roles.length > 0 && (
                  <div>
                    {one.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(t("list.and"))}
                  </div>
                )}
                {one.accounts.length > 0 && (
                  <div>
                    {t("policies.accounts", {
                      count: one.accounts.length,
                      names: one.accounts.map((who) => who.name).join(t("list.and")),
                    })}
                  </div>
                )}
              </td>
              <td>
                {one.situations.length === 0 && t("policies.always")}
                {one.situations.map((when) => (
                  <div key={when.en}>{said(when, i18n.language) || t("policies.usually")}</div>
                ))}
                {one.count > one.situations.length && one.situations.length > 0 && (
                  <div>{t("policies.more", { count: one.count - one.situations.length })}</div>
                )}
              </td>
              <td>
                <Answer answer={one.before} />
              </td>
              <td>
                <Answer answer={one.after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Answer({ answer }: { answer: Shapes["PolicyAnswer"] }) {
  const { t } = useTranslation();
  return (
    <>
      <Tag variant="outlined" style={{ margin: 0 }}>
        {t(`policies.says_${answer.says}`)}
      </Tag>
      {answer.policies.map((policy) => (
        <div key={policy}>
          <code>{policy}</code>
        </div>
      ))}
      {answer.policies.length === 0 && <div>{t("policies.none")}</div>}
    </>
  );
}
