// Official pages, as the server sets them: which form, in which language, on which paper; looked at, then printed.
import { useMutation } from "@tanstack/react-query";
import { Button, Flex, Form, Grid, InputNumber, Modal, Radio, Select, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import { useProof } from "../app/StepUp";
import { ProblemNote } from "../ui/ProblemNote";
import type { Definition, Print } from "./definition";
import { takeOut } from "./download";
import { PrintPreview } from "./PrintPreview";
import { addressOf, askedOf, formsOf, type Printed } from "./printed";
import type { RecordView } from "./queries";

type Props = { definition: Definition; of: Printed; close: () => void; form?: string };

export function PrintDialog({ definition, of, close, form: begun }: Props) {
  const { t, i18n } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const forms = formsOf(definition, of);
  const [key, choose] = useState(begun ?? forms[0]?.key ?? "form");
  const [language, setLanguage] = useState(i18n.language === "zh-CN" ? "zh" : "en");
  const [paper, setPaper] = useState<Paper>({ first: 1 });
  const form = forms.find((one) => one.key === key);
  const size = form?.sizes?.find((one) => one.key === paper.size) ?? form?.sizes?.[0];
  const places = (size?.columns ?? 1) * (size?.rows ?? 1);
  const asked = askedOf(of, {
    form: key,
    language,
    ...(size ? { size: size.key, first: Math.min(paper.first, places) } : {}),
  });
  const proof = useProof();
  const take = useMutation({
    mutationFn: () => takeOut(addressOf(definition, of, "print"), asked),
    onSuccess: close,
    onError: (error) => proof.hear(error, () => take.mutate()),
  });
  return (
    <Modal
      open
      onCancel={close}
      title={t("print.title")}
      footer={null}
      width={wide ? 980 : "100%"}
      style={{ top: wide ? 32 : 0 }}
    >
      <Flex gap={20} vertical={!wide}>
        <Form layout="vertical" style={{ width: wide ? 264 : "100%", flex: "none" }}>
          <Typography.Paragraph type="secondary">{t("print.what")}</Typography.Paragraph>
          <Form.Item label={t("print.form")} htmlFor="print-form">
            <Select
              id="print-form"
              value={key}
              onChange={choose}
              options={forms.map((print) => ({ value: print.key, label: said(print.name, i18n.language) }))}
            />
          </Form.Item>
          {form && size && (
            <PaperChoice form={form} size={size.key} places={places} paper={paper} put={setPaper} />
          )}
          <Form.Item label={t("print.language")}>
            <Radio.Group
              aria-label={t("print.language")}
              value={language}
              onChange={(event) => setLanguage(event.target.value)}
              options={[
                { value: "zh", label: "中文" },
                { value: "en", label: "English" },
              ]}
            />
          </Form.Item>
          {take.error && !proof.proving && <ProblemNote error={take.error} />}
          <Flex gap={8} style={{ marginTop: 8 }}>
            <Button type="primary" loading={take.isPending} onClick={() => take.mutate()}>
              {t("print.take")}
            </Button>
            <Button onClick={close}>{t("act.cancel")}</Button>
          </Flex>
        </Form>
        <PrintPreview
          address={addressOf(definition, of, "preview")}
          asked={asked}
          small={size !== undefined}
        />
      </Flex>
      {proof.box}
    </Modal>
  );
}

type Paper = { size?: string; first: number };

type PaperProps = {
  form: Print;
  size: string;
  places: number;
  paper: Paper;
  put: (paper: Paper) => void;
};

/** Which labels are in the printer, and where the first of a sheet that was used before goes. */
function PaperChoice({ form, size, places, paper, put }: PaperProps) {
  const { t, i18n } = useTranslation();
  const sizes = form.sizes ?? [];
  return (
    <>
      <Form.Item label={t("print.size")} htmlFor="print-size">
        <Select
          id="print-size"
          value={size}
          onChange={(chosen) => put({ size: chosen, first: 1 })}
          options={sizes.map((one) => ({ value: one.key, label: said(one.name, i18n.language) }))}
        />
      </Form.Item>
      {places > 1 && (
        <Form.Item label={t("print.first", { places })} htmlFor="print-first">
          <InputNumber
            id="print-first"
            min={1}
            max={places}
            precision={0}
            value={paper.first}
            onChange={(first) => put({ ...paper, first: first ?? 1 })}
          />
        </Form.Item>
      )}
    </>
  );
}

/** The records that were chosen in a list, as what is printed. */
export function chosenOf(records: RecordView[]): Printed {
  return { ids: records.map((record) => record.id) };
}
