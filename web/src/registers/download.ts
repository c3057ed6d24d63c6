// Files that the server makes: asked for with a body, kept under the name it gives them.
import { heard, notRead, Refused, token } from "../api/client";

export async function takeOut(path: string, body: unknown): Promise<void> {
  const answer = await post(path, body);
  keep(await answer.blob(), nameOf(answer.headers.get("content-disposition")));
}

export async function takeFile(path: string, name: string): Promise<void> {
  const answer = await ask(path, {});
  keep(await answer.blob(), name);
}

/** What the server answers to a body, where which address it goes to is known only as one asks. */
export async function askFor<T>(path: string, body: unknown): Promise<T> {
  const answer = await post(path, body);
  return (await answer.json()) as T;
}

function post(path: string, body: unknown): Promise<Response> {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": token() },
    body: JSON.stringify(body),
  });
}

async function ask(path: string, how: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, how);
  } catch {
    throw new Refused(notRead("web.unreachable"));
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => notRead("web.answer", answer.status));
    heard(answer.status, problem.code);
    throw new Refused(problem);
  }
  return answer;
}

function nameOf(disposition: string | null): string {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  const plain = /filename="([^"]+)"/i.exec(disposition ?? "")?.[1];
  return coded ? decodeURIComponent(coded) : (plain ?? "ruping");
}

function keep(content: Blob, name: string) {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
