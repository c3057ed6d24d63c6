// The pages that would be printed, as pictures under a watermark; asked for anew whenever something else is chosen.
import { useQuery } from "@tanstack/react-query";
import { Button, Flex, Typography } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { useProof } from "../app/StepUp";
import { Coming } from "../ui/Coming";
import { ProblemNote, problemOf } from "../ui/ProblemNote";
import { askFor } from "./download";

type Props = { address: string; asked: Record<string, unknown>; small: boolean };

export function PrintPreview({ address, asked, small }: Props) {
  const { t } = useTranslation();
  const proof = useProof();
  const preview = useQuery({
    queryKey: ["preview", address, asked],
    // pages tell what they told when they were made: nothing of them is kept
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: () => askFor<Shapes["Preview"]>(address, asked),
  });
  const needed = problemOf(preview.error)?.code === "session.step_up_needed";
  return (
    <section
      aria-label={t("print.preview")}
      aria-busy={preview.isFetching}
      className="print-pages"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
    >
      {preview.isPending && <Coming rows={10} />}
      {needed && (
        <Flex vertical gap={12} align="start">
          <Typography.Text>{t("print.prove")}</Typography.Text>
          <Button onClick={() => proof.hear(preview.error, () => void preview.refetch())}>
            {t("stepUp.title")}
          </Button>
        </Flex>
      )}
      {preview.error && !needed && <ProblemNote error={preview.error} retry={() => void preview.refetch()} />}
      {preview.data && !preview.error && <Pages preview={preview.data} small={small} />}
      {proof.box}
    </section>
  );
}

function Pages({ preview, small }: { preview: Shapes["Preview"]; small: boolean }) {
  const { t } = useTranslation();
  const addresses = usePictures(preview.pages);
  const { total } = preview;
  return (
    <Flex vertical gap={12} align="center">
      {addresses.map((address, at) => (
        <img
          key={address}
          src={address}
          alt={t("print.page", { page: at + 1, total })}
          className={small ? "print-page print-label" : "print-page"}
        />
      ))}
      {total > preview.pages.length && (
        <Typography.Text type="secondary">
          {t("print.more", { shown: preview.pages.length, total })}
        </Typography.Text>
      )}
    </Flex>
  );
}

/** Addresses of pictures, as long as they are shown. */
function usePictures(pictures: string[]): string[] {
  const [addresses, put] = useState<string[]>([]);
  useEffect(() => {
    const made = pictures.map((one) => URL.createObjectURL(new Blob([one], { type: "image/svg+xml" })));
    put(made);
    return () => {
      for (const address of made) {
        URL.revokeObjectURL(address);
      }
    };
  }, [pictures]);
  return addresses;
}
