// What was chosen last in each register stands first when the next is chosen: most people keep most things at one place.
// Kept for as long as the page is open and for its account alone, with what else the page knows.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { RecordView } from "../queries";

const MOST = 3;

export function useRecent(register: string): [RecordView[], (chosen: RecordView) => void] {
  const queries = useQueryClient();
  const key = ["recent", register];
  const known = useQuery<RecordView[]>({
    queryKey: key,
    queryFn: () => [],
    enabled: false,
    initialData: [],
    gcTime: Number.POSITIVE_INFINITY,
  });
  const note = (chosen: RecordView) =>
    queries.setQueryData<RecordView[]>(key, (before = []) =>
      [chosen, ...before.filter((one) => one.id !== chosen.id)].slice(0, MOST),
    );
  return [known.data, note];
}

/** The recent ones first, each once; those alone that may still be chosen when words are looked for. */
export function recentFirst(recent: RecordView[], found: RecordView[], words: string): RecordView[] {
  const before = words === "" ? recent : recent.filter((one) => found.some((other) => other.id === one.id));
  const fresh = before.map((one) => found.find((other) => other.id === one.id) ?? one);
  return [...fresh, ...found.filter((one) => !before.some((other) => other.id === one.id))];
}
