// What those who lead have to see at one look; every number opens the list that it counts.
import { Card, Empty, Flex, Switch, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { useBoard, useWaiting } from "../../registers/queries";
import { answerOf } from "../../ui/answer";
import { Coming } from "../../ui/Coming";
import { TileCard } from "./TileCard";
import { listOf, type Tile } from "./tile";

const KEPT = "ruping.board";

export function Board() {
  const { t } = useTranslation();
  const board = answerOf(useBoard(), <Coming rows={10} />);
  const [asTables, setAsTables] = useState(() => localStorage.getItem(KEPT) === "tables");
  useTitle(t("nav.board"));
  if (board.data === undefined) {
    return board.instead;
  }
  const figures = board.data.filter((tile) => tile.kind === "figure");
  const others = board.data.filter((tile) => tile.kind !== "figure" && tile.total > 0);
  const empty = board.data.filter((tile) => tile.kind !== "figure" && tile.total === 0);
  const turn = (tables: boolean) => {
    localStorage.setItem(KEPT, tables ? "tables" : "charts");
    setAsTables(tables);
  };
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 12 }}>
        <div>
          <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
            {t("nav.board")}
          </Typography.Title>
          <Typography.Text type="secondary">{t("board.what")}</Typography.Text>
        </div>
        <Flex gap={6} align="center">
          <Switch size="small" id="as-tables" checked={asTables} onChange={turn} />
          <label htmlFor="as-tables">{t("board.asTables")}</label>
        </Flex>
      </Flex>
      {board.note}
      <div className="figures">
        <Waiting />
        {figures.map((tile) => (
          <Figure key={`${tile.register}.${tile.key}`} tile={tile} />
        ))}
      </div>
      {board.data.length === 0 && <Empty description={t("board.none")} />}
      <div className="board">
        {others.map((tile) => (
          <TileCard key={`${tile.register}.${tile.key}`} tile={tile} asTable={asTables} />
        ))}
      </div>
      {/* what has nothing to show takes little room */}
      <div className="figures" style={{ marginTop: 12 }}>
        {empty.map((tile) => (
          <Figure key={`${tile.register}.${tile.key}`} tile={tile} />
        ))}
      </div>
    </>
  );
}

/** What waits for the reader's own decision. */
function Waiting() {
  const { t } = useTranslation();
  const waiting = useWaiting();
  return (
    <Card size="small">
      <Link to="/inbox" className="figure">
        <span>{t("board.waiting")}</span>
        <strong>{waiting.data ?? 0}</strong>
      </Link>
    </Card>
  );
}

function Figure({ tile }: { tile: Tile }) {
  const { i18n } = useTranslation();
  return (
    <Card size="small">
      <Link to={listOf(tile.register, tile.filter)} className="figure">
        <span>{said(tile.name, i18n.language)}</span>
        <strong>
          {tile.total}
          {tile.capped ? "+" : ""}
        </strong>
      </Link>
    </Card>
  );
}
