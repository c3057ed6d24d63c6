// The box for a number, a word or what a scanner types: it leads to the one record that is meant, or to what is found.
// What a scanner types while nothing else takes the keys is heard too.
import { SearchOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, got, Refused } from "../api/client";
import { isBroken, labelled } from "../scan/label";
import { usePile } from "../scan/pile";
import { Said, type Word } from "../scan/Said";
import { sound } from "../scan/sound";
import { useTyped } from "../scan/typed";
import { useMe } from "./session";
import { soughtBy } from "./sought";

/** So many labels, one after the other within so many milliseconds, are meant to be a pile. */
const ROW = 5;
const WITHIN = 60_000;
/** Keys that are so far apart belong to different things. */
const APART = 1_000;
/** How long a word stays. */
const STAYS = 8_000;

type Heard = { id: string; at: number };

/** The labels of the last moments, each once. */
function useRow() {
  const heard = useRef<Heard[]>([]);
  return {
    add: (id: string): string[] => {
      const now = Date.now();
      const lately = heard.current.filter((one) => one.id !== id && now - one.at < WITHIN);
      heard.current = [...lately, { id, at: now }];
      return heard.current.length >= ROW ? heard.current.map((one) => one.id) : [];
    },
    forget: () => {
      heard.current = [];
    },
  };
}

export function ScanBox() {
  const { t } = useTranslation();
  const box = useRef<InputRef>(null);
  const go = useNavigate();
  const queries = useQueryClient();
  const me = useMe();
  const pile = usePile();
  const row = useRow();
  const [word, say] = useState<Word>();
  const [many, offer] = useState<string[]>([]);
  const tell = (good: boolean, text: string) => {
    say({ good, text });
    sound(good ? "good" : "bad");
  };
  useEffect(() => {
    if (word === undefined || many.length > 0) {
      return undefined;
    }
    const timer = setTimeout(() => say(undefined), STAYS);
    return () => clearTimeout(timer);
  }, [word, many]);
  const open = async (id: string) => {
    try {
      const path = { id };
      const record = await got(api.GET("/api/v1/records/{id}", { params: { path } }));
      queries.setQueryData(["record", id], record);
      const all = row.add(id);
      offer(all);
      if (all.length > 0) {
        tell(true, t("scan.row", { count: all.length }));
      } else {
        say(undefined);
        sound("good");
      }
      go(`/records/${record.line?.of ?? id}`, { state: { scanned: true } });
    } catch (error) {
      offer([]);
      const missing = error instanceof Refused && error.problem.status === 404;
      tell(false, missing ? t("scan.unknown") : t("scan.failed"));
    }
  };
  const hear = (text: string) => {
    const id = labelled(text);
    if (id !== undefined) {
      void open(id);
    } else if (isBroken(text)) {
      tell(false, t("scan.broken"));
    } else {
      go("/find", { state: soughtBy(me.account, text) });
    }
  };
  const typed = useTyped(hear);
  useKeys(() => box.current?.focus(), hear);
  return (
    <div className="scan-box">
      <Input
        {...typed}
        ref={box}
        prefix={<SearchOutlined aria-hidden="true" />}
        placeholder={t("find.placeholder")}
        aria-label={t("find.placeholder")}
        maxLength={200}
      />
      <Said word={word} raised>
        {many.length > 0 && (
          <>
            <Button
              size="small"
              type="primary"
              onClick={() => {
                pile.add(many);
                row.forget();
                offer([]);
                say(undefined);
                go("/scan");
              }}
            >
              {t("scan.toPile")}
            </Button>
            <Button
              size="small"
              type="text"
              onClick={() => {
                row.forget();
                offer([]);
                say(undefined);
              }}
            >
              {t("act.close")}
            </Button>
          </>
        )}
      </Said>
    </div>
  );
}

/** `/` leads into the box; a label that is scanned while no field takes the keys is heard wherever one is. */
function useKeys(focus: () => void, hear: (text: string) => void) {
  const now = useRef({ focus, hear });
  now.current = { focus, hear };
  useEffect(() => {
    let keys = "";
    let last = 0;
    const catchKey = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName) || at.isContentEditable;
      if (typing || event.ctrlKey || event.metaKey || event.altKey) {
        keys = "";
        return;
      }
      if (event.key === "Enter" && labelled(keys) !== undefined && event.timeStamp - last < APART) {
        // the key was the scanner's, and presses no button
        event.preventDefault();
        now.current.hear(keys);
        keys = "";
      } else if (event.key.length === 1) {
        keys = event.timeStamp - last < APART ? keys + event.key : event.key;
        last = event.timeStamp;
        if (event.key === "/") {
          event.preventDefault();
          now.current.focus();
        }
      }
    };
    window.addEventListener("keydown", catchKey);
    return () => window.removeEventListener("keydown", catchKey);
  }, []);
}
