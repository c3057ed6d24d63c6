// Rows of columns: a table field, or the lines that an act gives.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import { type Field, isSettable } from "../definition";
import { HelpName } from "../Help";
import type { Standing } from "../outlook";
import { Input } from "./Input";

type Row = Record<string, unknown>;

type Props = {
  columns: Field[];
  label: string;
  max?: number;
  /** Where the rows stand, and how those of their columns that depend on others do. */
  path?: string;
  standings?: Map<string, Standing>;
  value?: Row[];
  onChange?: (value: Row[] | undefined) => void;
};

/** Names for rows that are being written: they keep them when one above goes. */
function useKeys(count: number) {
  const keys = useRef<string[]>([]);
  while (keys.current.length < count) {
    keys.current.push(crypto.randomUUID());
  }
  keys.current.length = count;
  return keys;
}

export function RowsInput({ columns, label, max, path, standings, value = [], onChange }: Props) {
  const { t, i18n } = useTranslation();
  const standing = (at: number, key: string) => standings?.get(`${path}.${at}.${key}`);
  // a column that applies to no row is not there
  const applies = (key: string) =>
    value.length === 0 || value.some((_, at) => standing(at, key)?.shown !== false);
  const typed = columns.filter((column) => isSettable(column) && applies(column.key));
  const keys = useKeys(value.length);
  // WHY by reference: a file that arrives in a row must not bring back what the rows were when it was chosen
  const now = useRef({ value, onChange });
  now.current = { value, onChange };
  const put = (rows: Row[]) => {
    now.current.value = rows;
    now.current.onChange?.(rows.length > 0 ? rows : undefined);
  };
  const change = (of: string | undefined, key: string, held: unknown) => {
    const at = keys.current.indexOf(of ?? "");
    put(now.current.value.map((row, other) => (other === at ? { ...row, [key]: held } : row)));
  };
  return (
    <div className="scroll-x">
      <table className="grid" aria-label={label}>
        <thead>
          <tr>
            {typed.map((column) => (
              <th key={column.key} scope="col">
                <HelpName name={said(column.name, i18n.language)} help={column.help} />
                {column.required === true && <span aria-hidden="true"> *</span>}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">{t("rows.do")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {value.map((row, at) => (
            <tr key={keys.current[at]}>
              {typed.map((column) => (
                <td key={column.key} style={{ minWidth: 150 }}>
                  {standing(at, column.key)?.shown !== false && (
                    <Input
                      field={column}
                      value={row[column.key]}
                      onChange={(held) => change(keys.current[at], column.key, held)}
                    />
                  )}
                  {standing(at, column.key)?.required && (
                    <span aria-hidden="true" className="asked">
                      *
                    </span>
                  )}
                </td>
              ))}
              <td>
                <Button
                  type="text"
                  icon={<DeleteOutlined aria-hidden="true" />}
                  aria-label={t("rows.leaveOut", { row: at + 1 })}
                  onClick={() => {
                    keys.current.splice(at, 1);
                    put(value.filter((_, other) => other !== at));
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button
        type="dashed"
        size="small"
        icon={<PlusOutlined aria-hidden="true" />}
        disabled={max !== undefined && value.length >= max}
        onClick={() => put([...value, {}])}
      >
        {t("rows.add")}
      </Button>
    </div>
  );
}
