// Files: each goes to the server as it is chosen, with how far it is; the record then names them.
import { DeleteOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Flex, Progress, Typography } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused, type Shapes } from "../../api/client";
import { ProblemNote } from "../../ui/ProblemNote";
import { upload } from "./upload";

type Props = {
  id?: string;
  many?: boolean;
  label?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
};

type Going = { name: string; part: number };

export function FilesInput({ id, many = false, label, value, onChange }: Props) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const [names, setNames] = useState<Record<string, string>>({});
  const [going, setGoing] = useState<Going>();
  const [error, setError] = useState<unknown>();
  const ids = (Array.isArray(value) ? value : value ? [value] : []) as string[];
  const put = (next: string[]) => onChange?.(many ? (next.length > 0 ? next : undefined) : next[0]);
  const take = async (files: File[]) => {
    setError(undefined);
    let all = many ? ids : [];
    try {
      for (const file of files) {
        setGoing({ name: file.name, part: 0 });
        const kept: Shapes["File"] = await upload(file, (part) => setGoing({ name: file.name, part }));
        setNames((known) => ({ ...known, [kept.id]: kept.name }));
        all = [...all, kept.id];
        put(all);
      }
    } catch (failed) {
      setError(failed instanceof Refused ? failed : new Error(String(failed)));
    } finally {
      setGoing(undefined);
    }
  };
  return (
    <Flex vertical gap={6} align="start">
      <input
        ref={chooser}
        type="file"
        multiple={many}
        className="unseen"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          void take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button
        {...(id === undefined ? {} : { id })}
        icon={<UploadOutlined aria-hidden="true" />}
        onClick={() => chooser.current?.click()}
      >
        {t("files.choose")}
      </Button>
      {going && (
        <div style={{ width: "100%" }}>
          <bdi>{going.name}</bdi>
          <Progress percent={Math.round(going.part * 100)} size="small" />
        </div>
      )}
      {error !== undefined && <ProblemNote error={error} />}
      <ul className="plain-list">
        {ids.map((one) => (
          <li key={one}>
            <bdi>{names[one] ?? <Typography.Text code>{one.slice(-6)}</Typography.Text>}</bdi>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden="true" />}
              aria-label={t("files.leaveOut")}
              onClick={() => put(ids.filter((other) => other !== one))}
            />
          </li>
        ))}
      </ul>
    </Flex>
  );
}
