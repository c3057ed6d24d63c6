// What is typed into a box by hand or by a scanner: it counts with Enter, and a whole label counts at once. WHY at once:
// an input method takes a scanner's Enter for itself, to end what it was putting together.
import { type ChangeEvent, type CompositionEvent, useState } from "react";
import { labelled } from "./label";

export function useTyped(hear: (text: string) => void) {
  const [text, setText] = useState("");
  const tell = (typed: string) => {
    setText("");
    if (typed.trim() !== "") {
      hear(typed.trim());
    }
  };
  const take = (typed: string, composing: boolean) => {
    if (!composing && labelled(typed) !== undefined) {
      tell(typed);
    } else {
      setText(typed);
    }
  };
  return {
    value: text,
    onChange: (event: ChangeEvent<HTMLInputElement>) =>
      take(event.target.value, (event.nativeEvent as InputEvent).isComposing === true),
    onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => take(event.currentTarget.value, false),
    onPressEnter: () => tell(text),
  };
}
