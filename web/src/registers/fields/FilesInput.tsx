// Files: each goes to the server as it is chosen, with how far it is; the record then names them.
import { DeleteOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Flex, Progress, Typography } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused, type Shapes } from "../../api/client";
import { ProblemNote } from "../../ui/ProblemNote";
import { useHold } from "./onTheWay";
import { Sending } from "./upload";

type Props = {
  id?: string;
  many?: boolean;
  label?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
};

type Failed = { sending: Sending; why: Error };

type Going = { name: string; part: number };

export function FilesInput({ id, many = false, label, value, onChange }: Props) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const [names, setNames] = useState<Record<string, string>>({});
  const [going, setGoing] = useState<Going>();
  const [failed, fail] = useState<Failed[]>([]);
  const queue = useRef(Promise.resolve());
  const hold = useHold();
  const ids = (Array.isArray(value) ? value : value ? [value] : []) as string[];
  // WHY by reference: what is there when a file arrives is not what was there when it was chosen
  const now = useRef({ ids, onChange });
  now.current = { ids, onChange };
  const put = (next: string[]) => {
    now.current.ids = next;
    now.current.onChange?.(many ? (next.length > 0 ? next : undefined) : next[0]);
  };
  const send = async (sending: Sending) => {
    const { name } = sending.file;
    setGoing({ name, part: 0 });
    try {
      const kept: Shapes["File"] = await sending.send((part) => setGoing({ name, part }));
      setNames((known) => ({ ...known, [kept.id]: kept.name }));
      put(many ? [...now.current.ids, kept.id] : [kept.id]);
    } catch (error) {
      const why = error instanceof Refused ? error : new Error(String(error));
      fail((others) => [...others, { sending, why }]);
    }
    setGoing(undefined);
  };
  /** One after the other, in the order in which they were chosen. */
  const take = (all: Sending[]) => {
    fail((others) => others.filter((one) => !all.includes(one.sending)));
    for (const sending of all) {
      const there = hold();
      queue.current = queue.current.then(() => send(sending)).finally(there);
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
          fail([]);
          take([...(event.target.files ?? [])].map((file) => new Sending(file)));
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
      {failed.map(({ sending, why }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files can have one name
        <div key={at}>
          <bdi>{t("files.notSent", { name: sending.file.name })}</bdi>
          <ProblemNote error={why} retry={() => take([sending])} />
        </div>
      ))}
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
