// Choosing a day, a moment or a span of days. The enter key takes over what is being chosen, and only the next one sends
// the form: the toolkit lets one press do both, so that a form goes out before it was looked at again.
import { DatePicker } from "antd";
import type { RangePickerProps } from "antd/es/date-picker";
import type { Dayjs } from "dayjs";
import { type KeyboardEvent, type ReactNode, useRef } from "react";

type DayProps = {
  id?: string;
  "aria-label"?: string;
  value?: Dayjs | null;
  maxDate?: Dayjs;
  onChange?: (day: Dayjs | null) => void;
};
type SpanProps = Omit<RangePickerProps, "onOpenChange">;

const MOMENT = { showTime: { format: "HH:mm" }, format: "YYYY-MM-DD HH:mm" };

export function Day(props: DayProps) {
  return <EnterOnce>{(heard) => <DatePicker {...props} onOpenChange={heard} />}</EnterOnce>;
}

export function Moment(props: DayProps) {
  return <EnterOnce>{(heard) => <DatePicker {...props} {...MOMENT} onOpenChange={heard} />}</EnterOnce>;
}

export function Span(props: SpanProps) {
  return <EnterOnce>{(heard) => <DatePicker.RangePicker {...props} onOpenChange={heard} />}</EnterOnce>;
}

function EnterOnce({ children }: { children: (heard: (open: boolean) => void) => ReactNode }) {
  const open = useRef(false);
  const hear = (event: KeyboardEvent<HTMLElement>) => {
    // the calendar is drawn elsewhere, and its buttons have the key for themselves
    const inField = event.currentTarget.contains(event.target as Node);
    if (event.key !== "Enter" || !inField) {
      return;
    }
    if (open.current) {
      event.preventDefault();
    } else {
      // WHY: the toolkit would open the calendar over the form that is being sent
      event.stopPropagation();
    }
  };
  return (
    // WHY on the way down: when the key comes back up, the calendar may be closed by it already
    <span role="presentation" onKeyDownCapture={hear}>
      {children((now) => {
        open.current = now;
      })}
    </span>
  );
}
