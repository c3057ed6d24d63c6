// The whole page: language, look, who is there, and what is shown to them.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider, App as Frame } from "antd";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { Refused } from "../api/client";
import { nonce } from "../nonce";
import { Coming } from "../ui/Coming";
import { ProblemNote } from "../ui/ProblemNote";
import { Login } from "./Login";
import { frameOf } from "./language";
import { SessionOf, useDoubt, useSession, useStanding } from "./session";
import { SpeechProvider, useListening } from "./speech";
import { firstShade, keepShade, type Shade, themeOf } from "./theme";

const Pages = lazy(() => import("./Pages").then((module) => ({ default: module.Pages })));

const PasswordChange = lazy(() =>
  import("./PasswordChange").then((module) => ({ default: module.PasswordChange })),
);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof Refused && error.problem.status >= 400),
    },
  },
});

function frame(language: string) {
  const locale = frameOf(language);
  return locale === undefined ? {} : { locale };
}

export function App() {
  const speech = useListening();
  const [shade, setShade] = useState<Shade>(firstShade);
  const theme = useMemo(() => themeOf(shade), [shade]);
  useEffect(() => {
    document.documentElement.style.colorScheme = shade;
    keepShade(shade);
  }, [shade]);
  const turn = () => setShade(shade === "dark" ? "light" : "dark");
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      csp={{ nonce }}
      theme={theme}
      {...frame(speech.language)}
    >
      <Frame>
        <QueryClientProvider client={queries}>
          <SpeechProvider value={speech}>
            <Inside turn={turn} shade={shade} />
          </SpeechProvider>
        </QueryClientProvider>
      </Frame>
    </ConfigProvider>
  );
}

function Inside({ turn, shade }: { turn: () => void; shade: Shade }) {
  const session = useSession();
  const there = useStanding(session.data);
  useDoubt();
  if (there) {
    return (
      <SessionOf me={there}>
        <Suspense fallback={<Coming style={{ padding: 48 }} />}>
          <Pages turn={turn} shade={shade} />
        </Suspense>
      </SessionOf>
    );
  }
  if (session.isPending) {
    return <Coming style={{ padding: 48 }} />;
  }
  if (session.error && !session.data) {
    return <ProblemNote error={session.error} retry={() => void session.refetch()} />;
  }
  if (!session.data) {
    return <Login done={() => void session.refetch()} />;
  }
  return (
    <Suspense fallback={null}>
      <PasswordChange done={() => void session.refetch()} />
    </Suspense>
  );
}
