// Help that is always at hand: keys that lead somewhere, a list of them, and the tour.
import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useKeys } from "./keys";
import { administers, has, useMe } from "./session";

const KeyList = lazy(() => import("../help/KeyList").then((module) => ({ default: module.KeyList })));
const Tour = lazy(() => import("../help/Tour").then((module) => ({ default: module.Tour })));

/** Rows of the table on the page, by keys; a link that has the focus is opened by the browser itself. */
function step(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("#content .ant-table-row, #content .entry")];
  const way = (row: HTMLElement) =>
    row.matches("a, button") ? row : row.querySelector<HTMLElement>("a[href]");
  const links = rows.flatMap((row) => way(row) ?? []);
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

/** Arrows are also how a page is scrolled, and how one moves in what has arrows of its own. */
function arrow(by: number): boolean {
  const at = document.activeElement;
  const free = at === null || at === document.body || at.closest("#content .ant-table-row, #content .entry");
  return free ? step(by) : false;
}

function press(what: string) {
  document.querySelector<HTMLElement>(`#content [data-key="${what}"]`)?.click();
}

const ARROWS: [string, number][] = [
  ["ArrowDown", 1],
  ["ArrowUp", -1],
];

const SEEN = "ruping.tour";
/** How long a page takes to be there, in milliseconds. */
const SETTLES = 1_500;

export function Help() {
  const { t } = useTranslation();
  const go = useNavigate();
  const me = useMe();
  const [listed, list] = useState(false);
  const [touring, tour] = useState(false);
  const place = `${SEEN}.${me.account}`;
  useEffect(() => {
    // once for each account; and in no browser that was told never to
    if (localStorage.getItem(place) !== null || localStorage.getItem(SEEN) === "never") {
      return undefined;
    }
    // what is shown round has to be there first
    const timer = setTimeout(() => tour(true), SETTLES);
    return () => clearTimeout(timer);
  }, [place]);
  const business = !administers(me);
  useKeys({
    "?": () => list(true),
    j: () => step(1),
    k: () => step(-1),
    ...Object.fromEntries(ARROWS.map(([key, by]) => [key, () => arrow(by)])),
    n: () => press("n"),
    "g m": () => go("/me"),
    ...(business ? { "g d": () => go("/"), "g i": () => go("/inbox"), "g f": () => go("/imports") } : {}),
    ...(has(me, "audit_admin") ? { "g l": () => go("/log") } : {}),
    ...(business ? {} : { "g a": () => go("/accounts") }),
  });
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "keys", label: t("help.keys"), onClick: () => list(true) },
            { key: "tour", label: t("help.tour"), onClick: () => tour(true) },
          ],
        }}
      >
        <Button
          type="text"
          icon={<QuestionCircleOutlined aria-hidden="true" />}
          aria-label={t("help.title")}
        />
      </Dropdown>
      <Suspense fallback={null}>
        {listed && <KeyList close={() => list(false)} />}
        {touring && (
          <Tour
            close={() => {
              localStorage.setItem(place, "seen");
              tour(false);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
