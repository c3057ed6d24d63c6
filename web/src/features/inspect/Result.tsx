// What an inspection came to: the level, what was not read, each finding with its reason, and where it stands.
import { Alert, Button, Empty, Flex, Tag, Typography } from "antd";
import type { TFunction } from "i18next";
import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import { LevelTag } from "../../ui/Mark";
import { Sheet } from "../../ui/Sheet";
import { useShows } from "../../ui/shown";
import { pieces } from "./pieces";
import type { Finding, Inspection } from "./send";

export function Result({ told, name }: { told: Inspection; name: string }) {
  const { t } = useTranslation();
  const id = useId();
  useShows(told.verdict.level ? [told.verdict.level] : []);
  return (
    <Flex vertical gap={12} role="region" aria-label={t("inspect.result")}>
      <Sheet>
        <Flex gap={10} align="center" wrap role="status">
          {told.verdict.level ? (
            <>
              <LevelTag level={told.verdict.level} />
              <Typography.Text>
                {t("inspect.sure", { part: percent(told.verdict.confidence) })}
              </Typography.Text>
            </>
          ) : (
            <Typography.Text strong>
              {t(told.findings.length > 0 ? "inspect.noLevel" : `inspect.nothing_${told.status}`)}
            </Typography.Text>
          )}
          {name !== "" && <bdi className="clip">{name}</bdi>}
          <Typography.Text type="secondary">
            {t("inspect.about", { format: told.format, size: told.size.toLocaleString() })}
          </Typography.Text>
        </Flex>
        {told.status !== "read" && (
          <Alert
            type="warning"
            showIcon
            style={{ marginTop: 10 }}
            title={t(`inspect.status_${told.status}`)}
            description={told.causes.map((cause) => t(`inspect.cause_${cause}`)).join(t("list.and"))}
          />
        )}
      </Sheet>
      <div className="inspected">
        <Sheet title={t("inspect.findings", { count: told.findings.length })}>
          <Findings all={told.findings} id={id} />
        </Sheet>
        <Sheet title={t("inspect.text")}>
          <Text told={told} id={id} />
        </Sheet>
      </div>
    </Flex>
  );
}

/** Brings a finding into sight, where it stands in the text. */
function show(id: string) {
  const at = document.getElementById(id);
  at?.scrollIntoView({ block: "center" });
  at?.focus({ preventScroll: true });
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function placeOf(t: TFunction, { where }: Finding): string {
  const inside = where.container.filter((one) => one !== "").join(" › ");
  const words = [
    inside,
    t(`inspect.part_${where.part}`),
    where.page ? t("inspect.page", { at: where.page }) : "",
    where.slide ? t("inspect.slide", { at: where.slide }) : "",
    [where.sheet, where.cell].filter(Boolean).join(" "),
  ];
  return words.filter((one) => one !== "").join(" · ");
}

function Findings({ all, id }: { all: Finding[]; id: string }) {
  const { t, i18n } = useTranslation();
  if (all.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("inspect.none")} />;
  }
  return (
    <ol className="plain-list spaced findings">
      {all.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings of one content never move
        <li key={at}>
          <Flex gap={8} align="center" wrap>
            <Tag>{t(`inspect.kind_${one.kind}`)}</Tag>
            {one.level && <LevelTag level={one.level} />}
            <Button type="link" size="small" className="clip" onClick={() => show(`${id}-${at}`)}>
              <bdi>{one.text}</bdi>
            </Button>
            <Typography.Text type="secondary">{percent(one.confidence)}</Typography.Text>
          </Flex>
          <Typography.Text type="secondary">
            <bdi>{placeOf(t, one)}</bdi>
          </Typography.Text>
          <div>{said(one.why, i18n.language)}</div>
        </li>
      ))}
    </ol>
  );
}

function Text({ told, id }: { told: Inspection; id: string }) {
  const { t } = useTranslation();
  const all = useMemo(() => pieces(told.text, told.findings), [told]);
  if (told.text.trim() === "") {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("inspect.noText")} />;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <div className="inspected-text pre" tabIndex={0}>
      {all.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
        <span key={at}>
          {one.after && <span className="quiet">{` ${t("inspect.left")} `}</span>}
          {one.found === undefined ? (
            <bdi>{one.text}</bdi>
          ) : (
            <mark id={`${id}-${one.found}`} tabIndex={-1}>
              <bdi>{one.text}</bdi>
            </mark>
          )}
        </span>
      ))}
      {told.more && <p className="quiet">{t("inspect.more")}</p>}
    </div>
  );
}
