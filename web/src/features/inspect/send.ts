// A content on its way to be inspected.
import type { Shapes } from "../../api/client";
import { sending } from "../../api/sending";

export type Inspection = Shapes["Inspection"];
export type Finding = Shapes["InspectionFinding"];

/** Sends a content in a form, for its name has to be in no address. */
export function inspect(file: File, tell: (part: number) => void): Promise<Inspection> {
  const body = new FormData();
  body.append("file", file);
  return sending("/api/v1/inspect", { body }, tell);
}
