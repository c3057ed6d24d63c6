// What there is to see, by address.
import { lazy, Suspense } from "react";
import { BrowserRouter, Route, Routes } from "react-router";
import { Coming } from "../ui/Coming";
import { Shell } from "./Shell";
import type { Shade } from "./theme";

const Desk = lazy(() => import("../features/desk/Desk").then((module) => ({ default: module.Desk })));
const Inbox = lazy(() => import("../features/inbox/Inbox").then((module) => ({ default: module.Inbox })));
const Board = lazy(() => import("../features/board/Board").then((module) => ({ default: module.Board })));
const Log = lazy(() => import("../features/log/Log").then((module) => ({ default: module.Log })));
const Accounts = lazy(() =>
  import("../features/accounts/Accounts").then((module) => ({ default: module.Accounts })),
);
const Packs = lazy(() => import("../features/packs/Packs").then((module) => ({ default: module.Packs })));
const DefinitionPage = lazy(() =>
  import("../features/packs/DefinitionPage").then((module) => ({ default: module.DefinitionPage })),
);
const Policies = lazy(() =>
  import("../features/policies/Policies").then((module) => ({ default: module.Policies })),
);
const Units = lazy(() => import("../features/units/Units").then((module) => ({ default: module.Units })));
const Find = lazy(() => import("../features/find/Find").then((module) => ({ default: module.Find })));
const ScanPage = lazy(() =>
  import("../features/scan/ScanPage").then((module) => ({ default: module.ScanPage })),
);
const ScanLines = lazy(() =>
  import("../features/scan/ScanLines").then((module) => ({ default: module.ScanLines })),
);
const RegisterPage = lazy(() =>
  import("../registers/RegisterPage").then((module) => ({ default: module.RegisterPage })),
);
const RecordPage = lazy(() =>
  import("../registers/RecordPage").then((module) => ({ default: module.RecordPage })),
);
const Imports = lazy(() =>
  import("../features/imports/Imports").then((module) => ({ default: module.Imports })),
);
const Import = lazy(() =>
  import("../features/imports/Import").then((module) => ({ default: module.Import })),
);
const BeginImport = lazy(() =>
  import("../features/imports/BeginImport").then((module) => ({ default: module.BeginImport })),
);
const Inspect = lazy(() =>
  import("../features/inspect/Inspect").then((module) => ({ default: module.Inspect })),
);
const Mine = lazy(() => import("../features/account/Mine").then((module) => ({ default: module.Mine })));
const NotFound = lazy(() => import("./NotFound").then((module) => ({ default: module.NotFound })));

export function Pages({ turn, shade }: { turn: () => void; shade: Shade }) {
  return (
    <BrowserRouter>
      <Shell turn={turn} shade={shade}>
        <Suspense fallback={<Coming style={{ padding: 24 }} />}>
          <Routes>
            <Route path="/" element={<Desk />} />
            <Route path="/inbox" element={<Inbox />} />
            <Route path="/find" element={<Find />} />
            <Route path="/board" element={<Board />} />
            <Route path="/log" element={<Log />} />
            <Route path="/accounts" element={<Accounts />} />
            <Route path="/packs" element={<Packs />} />
            <Route path="/packs/:register" element={<DefinitionPage />} />
            <Route path="/policies" element={<Policies />} />
            <Route path="/units" element={<Units />} />
            <Route path="/registers/:register" element={<RegisterPage />} />
            <Route path="/registers/:register/import" element={<BeginImport />} />
            <Route path="/imports" element={<Imports />} />
            <Route path="/imports/:id" element={<Import />} />
            <Route path="/inspect" element={<Inspect />} />
            <Route path="/me" element={<Mine />} />
            <Route path="/records/:id" element={<RecordPage />} />
            <Route path="/records/:id/scan/:kind" element={<ScanLines />} />
            <Route path="/scan" element={<ScanPage />} />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </Suspense>
      </Shell>
    </BrowserRouter>
  );
}
