// Where files are chosen or dropped, and how far they are on their way.
import { UploadOutlined } from "@ant-design/icons";
import { Button, Progress, Typography } from "antd";
import { useRef, useState } from "react";

type Words = { name: string; choose: string; drop: string; sending: string };

type Props = {
  words: Words;
  accept?: string;
  /** How much of it is on its way, from 0 to 1; nothing where none is. */
  sent: number | undefined;
  take: (files: File[]) => void;
};

export function DropPlace({ words, accept, sent, take }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <section
      aria-label={words.name}
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take([...event.dataTransfer.files]);
      }}
    >
      <input
        ref={chooser}
        type="file"
        {...(accept ? { accept } : {})}
        className="unseen"
        tabIndex={-1}
        aria-label={words.choose}
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button
        type="primary"
        icon={<UploadOutlined aria-hidden="true" />}
        loading={sent !== undefined}
        onClick={() => chooser.current?.click()}
      >
        {words.choose}
      </Button>
      <Typography.Text type="secondary">{words.drop}</Typography.Text>
      {sent !== undefined && (
        <Progress aria-label={words.sending} percent={Math.round(sent * 100)} size="small" />
      )}
    </section>
  );
}
