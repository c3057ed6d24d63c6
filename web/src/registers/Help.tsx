// Texts that help, as the definitions say them. A rule they name is told where it stands, if a register has it.
import { Flex, Popover, Typography } from "antd";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Text } from "../api/client";
import { said } from "../app/language";
import { type Action, type Definition, type Known, rulesNamed } from "./definition";
import { useDefinitions } from "./queries";

const Of = createContext<Definition | undefined>(undefined);

/** Texts inside are about this register: its own rules are told first. */
export function HelpOf({ definition, children }: { definition: Definition; children: ReactNode }) {
  return <Of.Provider value={definition}>{children}</Of.Provider>;
}

// WHY: outside of every landmark nobody who reads by landmarks finds it
export const inLandmark = (at: HTMLElement) =>
  at.closest<HTMLElement>("[role=dialog], main") ?? document.body;

/** A rule's number, and what opens before and closes after it: no line ends or begins with those. */
const RULE = /([（(]?R-\d+[）)。.，,、；;]*)/;

export function HelpText({ text }: { text: Text }) {
  const { i18n } = useTranslation();
  const parts = said(text, i18n.language).split(RULE);
  return parts.map((part, at) => {
    const [, before, id, after] = /^([（(]?)(R-\d+)(.*)$/.exec(part) ?? [];
    return id && at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <span key={at} className="in-one">
        {before}
        <RuleNamed id={id} />
        {after}
      </span>
    ) : (
      part
    );
  });
}

function RuleNamed({ id }: { id: string }) {
  const own = useContext(Of);
  const all = useDefinitions().data ?? [];
  const rules = rulesNamed(id, own, all);
  if (rules.length === 0) {
    return id;
  }
  return (
    <Told name={id}>
      <ul className="plain-list">
        {rules.map((rule) => (
          <RuleTold key={`${rule.clause} ${rule.says[0]?.en ?? ""}`} rule={rule} />
        ))}
      </ul>
    </Told>
  );
}

function RuleTold({ rule }: { rule: Known }) {
  const { t, i18n } = useTranslation();
  return (
    <li>
      <Typography.Text strong>{rule.clause}</Typography.Text>{" "}
      <Typography.Text type="secondary">
        {t(`help.letter_${rule.letter.replace("*", "_part")}`)}
      </Typography.Text>
      {rule.says.map((say) => (
        <div key={say.en}>{t("help.told", { say: said(say, i18n.language) })}</div>
      ))}
    </li>
  );
}

/** A word that tells more when it is asked. */
function Told({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Popover
      trigger="click"
      getPopupContainer={inLandmark}
      content={<div className="told">{children}</div>}
      placement="bottomLeft"
    >
      <button type="button" className="asks">
        {name}
      </button>
    </Popover>
  );
}

/** A name, and what is meant by it. */
export function HelpName({ name, help }: { name: string; help: Text | undefined }) {
  const { i18n } = useTranslation();
  return help ? <Told name={name}>{said(help, i18n.language)}</Told> : name;
}

const END: Record<string, RegExp> = { "zh-CN": /(?<=。)/, en: /(?<=\.) (?=[A-Z])/ };

/** What a register is for: its first sentence, and the rest when it is asked. */
export function HelpLine({ text }: { text: Text }) {
  const { t, i18n } = useTranslation();
  const [whole, show] = useState(false);
  const [first = "", ...rest] = said(text, i18n.language).split(END[i18n.language] ?? /$/);
  const shown = whole ? text : { zh: first, en: first };
  return (
    <Typography.Text type="secondary">
      <HelpText text={shown} />{" "}
      {rest.length > 0 && (
        <button type="button" className="asks" aria-expanded={whole} onClick={() => show(!whole)}>
          {whole ? t("help.less") : t("help.more")}
        </button>
      )}
    </Typography.Text>
  );
}

/** What can be done now, and what happens then: the first in sight, the others on demand. */
export function NextHelp({ actions }: { actions: Action[] }) {
  const { t } = useTranslation();
  const [first, ...rest] = actions.filter((action) => action.help);
  if (!first) {
    return null;
  }
  return (
    <Flex vertical gap={2}>
      <OneNext action={first} />
      {rest.length > 0 && (
        <details>
          <summary>{t("help.others", { count: rest.length })}</summary>
          {rest.map((action) => (
            <OneNext key={action.key} action={action} />
          ))}
        </details>
      )}
    </Flex>
  );
}

function OneNext({ action }: { action: Action }) {
  const { i18n } = useTranslation();
  return (
    <div>
      <Typography.Text strong>{said(action.name, i18n.language)}</Typography.Text>{" "}
      <Typography.Text type="secondary">{action.help && <HelpText text={action.help} />}</Typography.Text>
    </div>
  );
}
