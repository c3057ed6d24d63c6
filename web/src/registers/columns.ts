// Which columns somebody has chosen for a register's table, kept for them on the server.
import { useState } from "react";
import { columnsOf, type Definition } from "./definition";
import { useKeeping, useKept } from "./kept";

const FIRST_COLUMNS = 6;

export type Columns = { shown: string[]; show: (keys: string[]) => void };

export function useColumns(definition: Definition): Columns {
  const kept = useKept("columns");
  const keeping = useKeeping("columns");
  const [own, setOwn] = useState<string[]>();
  const before = kept.data?.find((one) => one.key === definition.key)?.body.columns;
  const first = columnsOf(definition)
    .slice(0, FIRST_COLUMNS)
    .map((field) => field.key);
  return {
    shown: own ?? (Array.isArray(before) ? (before as string[]) : first),
    show: (columns) => {
      setOwn(columns);
      keeping.put.mutate({ key: definition.key, body: { columns } });
    },
  };
}
