// What secrets stand in a file or a text that somebody holds, where, and why.
import { FileSearchOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Flex, Input, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../../app/title";
import { DropPlace } from "../../ui/DropPlace";
import { ProblemNote } from "../../ui/ProblemNote";
import { Sheet } from "../../ui/Sheet";
import { Result } from "./Result";
import { inspect } from "./send";

export function Inspect() {
  const { t } = useTranslation();
  useTitle(t("nav.inspect"));
  const [part, tell] = useState(0);
  const sent = useMutation({ mutationFn: (file: File) => inspect(file, tell) });
  const take = (file: File | undefined) => {
    if (file && !sent.isPending) {
      tell(0);
      sent.mutate(file);
    }
  };
  return (
    <Flex vertical gap={12}>
      <div>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {t("nav.inspect")}
        </Typography.Title>
        <Typography.Text type="secondary">{t("inspect.what")}</Typography.Text>
      </div>
      <Sheet title={t("inspect.content")}>
        <Content take={take} busy={sent.isPending} part={part} />
      </Sheet>
      {sent.error && <ProblemNote error={sent.error} />}
      {sent.data && <Result told={sent.data} name={sent.variables.name} />}
    </Flex>
  );
}

type ContentProps = { take: (file: File | undefined) => void; busy: boolean; part: number };

function Content({ take, busy, part }: ContentProps) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  return (
    <div className="inspect-content">
      <DropPlace
        words={{
          name: t("inspect.file"),
          choose: t("inspect.choose"),
          drop: t("inspect.drop"),
          sending: t("inspect.sending"),
        }}
        sent={busy ? part : undefined}
        take={([file]) => take(file)}
      />
      <Flex vertical gap={8} align="start">
        <Input.TextArea
          aria-label={t("inspect.words")}
          placeholder={t("inspect.words")}
          rows={5}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button
          icon={<FileSearchOutlined aria-hidden="true" />}
          disabled={words.trim() === "" || busy}
          onClick={() => take(new File([words], "", { type: "text/plain" }))}
        >
          {t("inspect.now")}
        </Button>
      </Flex>
    </div>
  );
}
