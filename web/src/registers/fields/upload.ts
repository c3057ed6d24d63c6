// A file on its way, with how far it is. WHY not `fetch`: it does not tell.
import { heard, notRead, Refused, type Shapes, token } from "../../api/client";

export function upload(file: File, tell: (part: number) => void): Promise<Shapes["File"]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/files");
    request.setRequestHeader("x-csrf-token", token());
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refused(notRead("web.unreachable")));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(request.response as Shapes["File"]);
      } else {
        heard(request.status, request.response?.code);
        reject(
          new Refused(request.response?.code ? request.response : notRead("web.answer", request.status)),
        );
      }
    };
    // WHY a form: the name is told in the body, for addresses stand in logs
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}
