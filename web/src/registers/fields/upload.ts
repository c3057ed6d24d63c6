// A file on its way, with how far it is. What is large goes in parts, and on from where it was when the connection broke.
// WHY not `fetch`: it does not tell how far it is.
import { api, got, heard, notRead, Refused, type Shapes, token } from "../../api/client";

type Tell = (part: number) => void;

const PART = 8 * 1024 * 1024;
/** How long it is waited before it is tried again, in milliseconds; then somebody has to ask for it. */
const PAUSES = [1000, 2000, 4000, 8000];

/** One file. It may be sent again when it failed, and then goes on where it was. */
export class Sending {
  private id = "";
  private at = 0;

  constructor(readonly file: File) {}

  async send(tell: Tell): Promise<Shapes["File"]> {
    if (this.file.size <= PART) {
      return whole(this.file, tell);
    }
    for (let tries = 0; this.id === "" || this.at < this.file.size; ) {
      try {
        await this.go(tell);
        tries = 0;
      } catch (error) {
        const pause = PAUSES[tries];
        if (pause === undefined || !mayPass(error)) {
          throw error;
        }
        tries += 1;
        await new Promise((resolve) => setTimeout(resolve, pause));
        await this.ask();
      }
    }
    const params = { path: { id: this.id } };
    return got(api.POST("/api/v1/uploads/{id}/finish", { params }));
  }

  /** Begins, or sends the next part. */
  private async go(tell: Tell) {
    const { file } = this;
    if (this.id === "") {
      const body = { name: file.name, size: file.size, ...(file.type ? { media_type: file.type } : {}) };
      this.id = (await got(api.POST("/api/v1/uploads", { body }))).id;
      this.at = 0;
    }
    const part = file.slice(this.at, this.at + PART);
    const path = `/api/v1/uploads/${this.id}?offset=${this.at}`;
    const from = this.at;
    const came = await request("PUT", path, part, (sent) => tell((from + sent) / file.size));
    this.at = (came as Shapes["PartialUpload"]).offset;
  }

  /** How far it is by the server's count; what the server does not know any more begins anew. */
  private async ask() {
    if (this.id === "") {
      return;
    }
    try {
      this.at = (await got(api.GET("/api/v1/uploads/{id}", { params: { path: { id: this.id } } }))).offset;
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 404) {
        this.id = "";
      }
    }
  }
}

/** Whether it may be better in a moment. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Refused)) {
    return false;
  }
  const { code, status } = error.problem;
  return (
    ["web.unreachable", "upload.offset", "request.broken_off", "request.timeout", "not_found"].includes(
      code,
    ) || status >= 500
  );
}

async function whole(file: File, tell: Tell): Promise<Shapes["File"]> {
  // WHY a form: the name is told in the body, for addresses stand in logs
  const form = new FormData();
  form.append("file", file);
  const came = await request("POST", "/api/v1/files", form, (sent) =>
    tell(file.size > 0 ? sent / file.size : 0),
  );
  return came as Shapes["File"];
}

function request(method: string, path: string, body: Blob | FormData, tell: (sent: number) => void) {
  return new Promise<unknown>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader("x-csrf-token", token());
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.loaded);
    request.onerror = () => reject(new Refused(notRead("web.unreachable")));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(request.response);
      } else {
        heard(request.status, request.response?.code);
        reject(
          new Refused(request.response?.code ? request.response : notRead("web.answer", request.status)),
        );
      }
    };
    request.send(body);
  });
}
