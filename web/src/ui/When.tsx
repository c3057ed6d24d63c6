// Days and instants as the reader's language writes them.
import dayjs from "dayjs";
import { useSpeech } from "../app/speech";

export function useDates() {
  const { language } = useSpeech();
  const zh = language === "zh-CN";
  return {
    day: (value: string) => (zh ? dayjs(value).format("YYYY年M月D日") : dayjs(value).format("D MMM YYYY")),
    month: (value: string) => (zh ? dayjs(value).format("YY年M月") : dayjs(value).format("MMM YY")),
    second: (value: string) =>
      zh ? dayjs(value).format("YYYY年M月D日 HH:mm:ss") : dayjs(value).format("D MMM YYYY HH:mm:ss"),
    instant: (value: string) =>
      zh ? dayjs(value).format("YYYY年M月D日 HH:mm") : dayjs(value).format("D MMM YYYY HH:mm"),
  };
}

/** A day alone is told where many stand in a row; the instant is told to who points at it. */
export function When({ at, day = false }: { at: string; day?: boolean }) {
  const dates = useDates();
  return (
    <time dateTime={at} title={day ? dates.second(at) : at}>
      {day ? dates.day(at) : dates.instant(at)}
    </time>
  );
}
