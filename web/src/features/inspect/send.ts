// A content on its way to be inspected.
import { heard, notRead, Refused, type Shapes, token } from "../../api/client";

export type Inspection = Shapes["Inspection"];
export type Finding = Shapes["InspectionFinding"];

/** Sends a content in a form, for its name has to be in no address. */
export function inspect(file: File, tell: (part: number) => void): Promise<Inspection> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/inspect");
    request.setRequestHeader("x-csrf-token", token());
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refused(notRead("web.unreachable")));
    request.onload = () => {
      const told = request.response;
      if (request.status >= 200 && request.status < 300) {
        resolve(told as Inspection);
      } else {
        heard(request.status, told?.code);
        reject(new Refused(told?.code ? told : notRead("web.answer", request.status)));
      }
    };
    request.send(form);
  });
}
