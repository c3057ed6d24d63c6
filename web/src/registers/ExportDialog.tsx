// Taking a register out as a file, exactly as its reader sees it, after a fresh proof.
import { useMutation } from "@tanstack/react-query";
import { Button, Flex, Modal, Radio, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProof } from "../app/StepUp";
import { ProblemNote } from "../ui/ProblemNote";
import type { Definition } from "./definition";
import { takeOut } from "./download";
import type { Asked } from "./queries";

const FORMATS = ["xlsx", "csv", "json", "pdf"];

export function ExportDialog({
  definition,
  asked,
  close,
}: {
  definition: Definition;
  asked: Asked;
  close: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [format, setFormat] = useState("xlsx");
  const proof = useProof();
  const language = i18n.language === "zh-CN" ? "zh" : "en";
  const take = useMutation({
    mutationFn: () => takeOut(`/api/v1/registers/${definition.key}/export`, { ...asked, format, language }),
    onSuccess: close,
    onError: (error) => proof.hear(error, () => take.mutate()),
  });
  return (
    <Modal open onCancel={close} title={t("export.title")} footer={null} width={420}>
      <Typography.Paragraph type="secondary">{t("export.what")}</Typography.Paragraph>
      <Radio.Group
        aria-label={t("export.format")}
        value={format}
        onChange={(event) => setFormat(event.target.value)}
        options={FORMATS.map((one) => ({ value: one, label: t(`export.${one}`) }))}
      />
      {take.error && !proof.proving && (
        <div style={{ marginTop: 12 }}>
          <ProblemNote error={take.error} />
        </div>
      )}
      <Flex gap={8} style={{ marginTop: 16 }}>
        <Button type="primary" loading={take.isPending} onClick={() => take.mutate()}>
          {t("export.take")}
        </Button>
        <Button onClick={close}>{t("act.cancel")}</Button>
      </Flex>
      {proof.box}
    </Modal>
  );
}
