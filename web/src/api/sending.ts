// A body on its way to the server, with how far it is: what `fetch` does not tell.
import { heard, notRead, Refused, token } from "./client";

type Body = { body: FormData | File; type?: string };

export function sending<T>(path: string, { body, type }: Body, tell: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("x-csrf-token", token());
    // a form says by itself how its parts are told from each other
    if (type !== undefined) {
      request.setRequestHeader("content-type", type);
    }
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refused(notRead("web.unreachable")));
    request.onload = () => {
      const told = request.response;
      if (request.status >= 200 && request.status < 300) {
        resolve(told as T);
      } else {
        heard(request.status, told?.code);
        reject(new Refused(told?.code ? told : notRead("web.answer", request.status)));
      }
    };
    request.send(body);
  });
}
