// A definition or regime that somebody is writing: every mistake with its place, and what it would change.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, Input, Typography } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, got, type Shapes } from "../../api/client";
import { said } from "../../app/language";
import { ProblemNote } from "../../ui/ProblemNote";
import { Changes, Mistakes, TextDiff } from "./Changes";

type Checked = Shapes["PacksChecked"];

/** What the loader takes, in bytes. */
const MOST = 256 * 1024;

type File = { name: string; text: string };

/** What is written, and what was before a file took its place. */
export type Written = File & { before?: File };

const OWN: File = { name: "house/own.toml", text: "" };

type Props = {
  /** What to begin with. */
  from?: File;
  /** Kept by the page, for it is there still when somebody has looked at another part of it. */
  written: Written | undefined;
  write: (written: Written) => void;
};

export function CheckPanel({ from = OWN, written, write }: Props) {
  const { t } = useTranslation();
  const { before, ...file }: Written = written ?? from;
  const [failed, fail] = useState<string>();
  const chooser = useRef<HTMLInputElement>(null);
  const check = useMutation({
    mutationFn: () => got(api.POST("/api/v1/packs/check", { body: { files: [file] } })),
  });
  const open = async (given: globalThis.File) => {
    const text = given.size <= MOST ? await given.text().catch(() => undefined) : undefined;
    if (text === undefined) {
      fail(t(given.size <= MOST ? "packs.unreadFile" : "packs.tooLarge", { name: given.name }));
      return;
    }
    fail(undefined);
    const own = file.text !== "" && file.text !== from.text;
    write({ name: `house/${given.name}`, text, ...(own ? { before: file } : {}) });
  };
  return (
    <Flex vertical gap={12}>
      <Typography.Paragraph style={{ margin: 0 }}>{t("packs.checkWhy")}</Typography.Paragraph>
      <Form layout="vertical" onFinish={() => check.mutate()}>
        <Form.Item label={t("packs.fileName")} htmlFor="check-name">
          <Input
            id="check-name"
            value={file.name}
            maxLength={200}
            onChange={(event) => write({ ...file, name: event.target.value })}
            style={{ maxWidth: 420 }}
          />
        </Form.Item>
        <Form.Item label={t("packs.text")} htmlFor="check-text">
          <Input.TextArea
            id="check-text"
            className="code"
            rows={14}
            value={file.text}
            spellCheck={false}
            placeholder={t("packs.textHere")}
            onChange={(event) => write({ ...file, text: event.target.value })}
          />
        </Form.Item>
        <Flex gap={8} wrap>
          <Button type="primary" htmlType="submit" loading={check.isPending} disabled={file.text === ""}>
            {t("packs.check")}
          </Button>
          <input
            ref={chooser}
            type="file"
            accept=".toml"
            className="unseen"
            tabIndex={-1}
            aria-label={t("packs.open")}
            onChange={(event) => {
              const given = event.target.files?.[0];
              if (given) {
                void open(given);
              }
              event.target.value = "";
            }}
          />
          <Button onClick={() => chooser.current?.click()}>{t("packs.open")}</Button>
        </Flex>
        {failed !== undefined && (
          <Alert type="error" showIcon role="alert" title={<bdi>{failed}</bdi>} style={{ marginTop: 12 }} />
        )}
        {before && (
          <Alert
            type="info"
            showIcon
            role="status"
            title={t("packs.replaced")}
            style={{ marginTop: 12 }}
            action={
              <Button size="small" onClick={() => write(before)}>
                {t("packs.bringBack")}
              </Button>
            }
          />
        )}
      </Form>
      {check.error && <ProblemNote error={check.error} />}
      {check.data && <Outcome checked={check.data} />}
    </Flex>
  );
}

function Outcome({ checked }: { checked: Checked }) {
  const { t, i18n } = useTranslation();
  const count = checked.mistakes.length;
  const nothing = checked.registers.length + checked.regimes.length === 0;
  return (
    <section aria-label={t("packs.outcome")}>
      <Flex vertical gap={12}>
        {count > 0 ? (
          <>
            <Alert type="error" role="status" showIcon title={t("packs.mistakes", { count })} />
            <Mistakes mistakes={checked.mistakes} />
          </>
        ) : (
          <Alert
            type="success"
            role="status"
            showIcon
            title={nothing ? t("packs.nothingNew") : t("packs.noMistake")}
            description={nothing ? undefined : t("packs.howToUse")}
          />
        )}
        {checked.registers.map((one) => (
          <Card
            key={one.key}
            size="small"
            title={`${said(one.name, i18n.language)} · ${one.new ? t("packs.new") : t("packs.versions", { was: one.version_was, is: one.version })}`}
          >
            {one.older && <Alert type="error" title={t("packs.older")} style={{ marginBottom: 8 }} />}
            {!one.new && <Carried one={one} />}
            {one.new ? t("packs.newWhy") : <Changes changes={one.changes} />}
          </Card>
        ))}
        {checked.regimes.map((one) => (
          <Card key={one.key} size="small" title={said(one.name, i18n.language)}>
            {one.new ? t("packs.newRegime") : <Changes changes={one.changes} />}
          </Card>
        ))}
        {checked.files
          .filter((one) => one.instead_of != null)
          .map((one) => (
            <TextDiff key={one.name} lines={one.lines} label={`${one.instead_of} → ${one.name}`} />
          ))}
        {checked.files.some((one) => one.instead_of && !one.instead_of.startsWith("house/")) && (
          <Alert type="warning" title={t("packs.ofProgram")} />
        )}
      </Flex>
    </section>
  );
}

/** What becomes of the records that are there. */
function Carried({ one }: { one: Checked["registers"][number] }) {
  const { t } = useTranslation();
  const higher = one.version_was != null && one.version > one.version_was;
  return (
    <Flex gap={12} wrap style={{ marginBottom: 8 }}>
      <span>{t(higher ? "packs.carried" : "packs.notCarried", { count: one.records ?? 0 })}</span>
      <Link to={`/registers/${one.key}`}>{t("packs.toRecords")}</Link>
    </Flex>
  );
}
