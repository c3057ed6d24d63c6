// The proof that an entry is in the log, as a file that anybody can check without this server.
import { useMutation } from "@tanstack/react-query";
import { takeFile } from "./download";

export function useEntryProof() {
  return useMutation({
    mutationFn: (entry: string) => takeFile(`/api/v1/log/proof/${entry}`, `proof-${entry}.tlog-proof`),
  });
}
