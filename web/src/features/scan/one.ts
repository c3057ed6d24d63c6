// Scans are worked off one after the other, however quickly they come.
import { useRef } from "react";

export function useOneByOne(work: (text: string) => Promise<void>): (text: string) => void {
  const last = useRef(Promise.resolve());
  const now = useRef(work);
  now.current = work;
  return (text) => {
    last.current = last.current.then(() => now.current(text));
  };
}
