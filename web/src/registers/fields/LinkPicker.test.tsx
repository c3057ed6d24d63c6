// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { LinkPicker } from "./LinkPicker";

vi.mock("react-i18next", () => ({
  useTranslation: () => ({ t: (key: string) => key, i18n: { language: "en" } }),
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
afterEach(cleanup);

function typed(free: boolean) {
  const change = vi.fn();
  const queries = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  render(
    <QueryClientProvider client={queries}>
      <LinkPicker register="person" free={free} label="who" onChange={change} />
    </QueryClientProvider>,
  );
  const box = screen.getByRole("combobox");
  fireEvent.focus(box);
  fireEvent.change(box, { target: { value: "外单位王工" } });
  fireEvent.blur(box);
  return change;
}

it("a name that no directory has is taken as it was typed", () => {
  expect(typed(true)).toHaveBeenCalledWith({ name: "外单位王工" });
});

it("where the directory decides, what was typed names nobody", () => {
  expect(typed(false)).not.toHaveBeenCalled();
});
