// The official form of a record, as the server sets it: which one, in which language.
import { useMutation } from "@tanstack/react-query";
import { Button, Flex, Modal, Radio, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import { useProof } from "../app/StepUp";
import { ProblemNote } from "../ui/ProblemNote";
import type { Definition } from "./definition";
import { takeOut } from "./download";
import type { RecordView } from "./queries";

type Props = { definition: Definition; record: RecordView; close: () => void };

export function PrintDialog({ definition, record, close }: Props) {
  const { t, i18n } = useTranslation();
  const forms = definition.prints.filter(
    (print) => print.of === "record" && (!print.states || print.states.includes(record.state)),
  );
  const [form, setForm] = useState(forms[0]?.key ?? "form");
  const [language, setLanguage] = useState("zh");
  const proof = useProof();
  const take = useMutation({
    mutationFn: () => takeOut(`/api/v1/records/${record.id}/print`, { form, language }),
    onSuccess: close,
    onError: (error) => proof.hear(error, () => take.mutate()),
  });
  return (
    <Modal open onCancel={close} title={t("print.title")} footer={null} width={420}>
      <Typography.Paragraph type="secondary">{t("print.what")}</Typography.Paragraph>
      <Flex vertical gap={12}>
        <Radio.Group
          aria-label={t("print.form")}
          value={form}
          onChange={(event) => setForm(event.target.value)}
          options={forms.map((print) => ({ value: print.key, label: said(print.name, i18n.language) }))}
        />
        <Radio.Group
          aria-label={t("print.language")}
          value={language}
          onChange={(event) => setLanguage(event.target.value)}
          options={[
            { value: "zh", label: "中文" },
            { value: "en", label: "English" },
          ]}
        />
        {take.error && !proof.proving && <ProblemNote error={take.error} />}
        <Flex gap={8}>
          <Button type="primary" loading={take.isPending} onClick={() => take.mutate()}>
            {t("print.take")}
          </Button>
          <Button onClick={close}>{t("act.cancel")}</Button>
        </Flex>
      </Flex>
      {proof.box}
    </Modal>
  );
}
