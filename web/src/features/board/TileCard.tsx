// One tile: a picture for the eye, and beside it the same in words, each a way to its list.
import { useQueries } from "@tanstack/react-query";
import { Card, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { said } from "../../app/language";
import { nameQuery } from "../../registers/names";
import { Chart } from "./Chart";
import { type Shown, type Tile, useParts, wholeOf } from "./tile";

export function TileCard({ tile, asTable }: { tile: Tile; asTable: boolean }) {
  const { t, i18n } = useTranslation();
  const names = useNames(tile.of === "record" ? tile.parts.map((part) => part.key) : []);
  const parts = useParts(tile, names);
  const name = said(tile.name, i18n.language);
  const total = `${t("board.total", { count: tile.total })}${tile.capped ? "+" : ""}`;
  const whole = wholeOf(tile);
  return (
    <Card
      size="small"
      title={
        <Typography.Title level={2} style={{ fontSize: 14, margin: 0 }}>
          {name}
        </Typography.Title>
      }
      extra={
        whole === undefined ? (
          <Typography.Text type="secondary">{total}</Typography.Text>
        ) : (
          <Link to={whole}>
            <span className="unseen">{t("board.open", { name })} </span>
            {total}
          </Link>
        )
      }
    >
      {asTable ? (
        <PartTable name={name} parts={parts} />
      ) : (
        <>
          <Chart kind={tile.kind} name={name} parts={parts} />
          <Legend parts={parts} months={tile.of === "month"} />
        </>
      )}
    </Card>
  );
}

function useNames(ids: string[]): Record<string, string> {
  const found = useQueries({ queries: ids.map(nameQuery) });
  const pairs = ids.map((id, at) => {
    const name = found[at]?.data;
    return [id, name ? (name.title ?? name.number ?? id.slice(-6)) : "…"] as const;
  });
  return Object.fromEntries(pairs);
}

/** Months are read off the line; what is named by a word stands here. */
function Legend({ parts, months }: { parts: Shown[]; months: boolean }) {
  const shown = months ? parts.filter((part) => part.count > 0).slice(-3) : parts;
  return (
    <ul className="plain-list legend">
      {shown.map((part) => (
        <li key={part.key}>
          <Link to={part.to}>
            <span className="swatch" aria-hidden="true" style={{ background: part.ink }} />
            <bdi>{part.name}</bdi> {part.count}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function PartTable({ name, parts }: { name: string; parts: Shown[] }) {
  const { t } = useTranslation();
  return (
    <table className="grid">
      <caption className="unseen">{name}</caption>
      <thead>
        <tr>
          <th scope="col">{t("board.group")}</th>
          <th scope="col">{t("board.count")}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.key}>
            <th scope="row">
              <Link to={part.to}>
                <bdi>{part.name}</bdi>
              </Link>
            </th>
            <td>{part.count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
