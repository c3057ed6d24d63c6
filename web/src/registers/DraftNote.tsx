// Says quietly that what is written is kept, and offers what was kept before.
import { Alert, Button, Flex, Typography } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useDates } from "../ui/When";
import type { DraftState } from "./draft";

export function DraftOffer({ draft }: { draft: DraftState }) {
  const { t } = useTranslation();
  const dates = useDates();
  if (draft.unread) {
    return (
      <Alert
        type="warning"
        showIcon
        style={{ marginBottom: 12 }}
        title={t("draft.unread")}
        action={
          <Button size="small" onClick={draft.unread}>
            {t("act.retry")}
          </Button>
        }
      />
    );
  }
  if (!draft.offered) {
    return null;
  }
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 12 }}
      title={t("draft.there", { at: dates.instant(draft.offered.at) })}
      action={
        <Flex gap={8} wrap>
          <Button size="small" type="primary" onClick={draft.resume}>
            {t("draft.resume")}
          </Button>
          <Button size="small" onClick={draft.leave}>
            {t("draft.leave")}
          </Button>
        </Flex>
      }
    />
  );
}

export function DraftSaved({ draft }: { draft: DraftState }) {
  const { t } = useTranslation();
  if (draft.failed) {
    return <Typography.Text type="warning">{t("draft.failed")}</Typography.Text>;
  }
  if (draft.savedAt === undefined) {
    return null;
  }
  return (
    <Flex gap={4} align="center">
      <Typography.Text type="secondary" role="status">
        {t("draft.saved", { at: dayjs(draft.savedAt).format("HH:mm") })}
      </Typography.Text>
      <Button size="small" type="link" onClick={draft.discard}>
        {t("draft.discard")}
      </Button>
    </Flex>
  );
}
