// What stands around every page: where one can go, the box for numbers and words, who one is.
import {
  ApartmentOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BookOutlined,
  DesktopOutlined,
  FileSearchOutlined,
  InboxOutlined,
  MenuOutlined,
  MoonOutlined,
  SafetyOutlined,
  ScanOutlined,
  SunOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import {
  Badge,
  Button,
  Drawer,
  Dropdown,
  Flex,
  Grid,
  Layout,
  Menu,
  type MenuProps,
  Modal,
  theme,
} from "antd";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useDefinitions, useWaiting } from "../registers/queries";
import { ProblemNote } from "../ui/ProblemNote";
import { AREAS } from "./areas";
import { Banner, PrintHead } from "./Banner";
import { Bell } from "./Bell";
import { Emblem } from "./Emblem";
import { Help } from "./Help";
import { LanguageButton } from "./LanguageButton";
import { LoginForm } from "./Login";
import { said } from "./language";
import { useLive } from "./live";
import { ScanBox } from "./ScanBox";
import { administers, has, readsRules, useExpiry, useLeave, useMe, useSession } from "./session";
import type { Shade } from "./theme";

const PasswordForm = lazy(() =>
  import("./PasswordForm").then((module) => ({ default: module.PasswordForm })),
);

/** Where the account may go; the server decides anew about each page. */
function useMenu(): MenuProps["items"] {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const definitions = useDefinitions();
  const waiting = useWaiting();
  return useMemo(() => {
    const all = definitions.data ?? [];
    const areas = [...new Set([...AREAS, ...all.map((one) => one.area)])];
    const groups = areas.flatMap((area) => {
      // of the records an administrator sees those of the directories alone
      const seen = administers(me) ? all.filter((one) => one.nature === "directory") : all;
      const registers = seen.filter((one) => one.area === area);
      if (registers.length === 0) {
        return [];
      }
      const children = registers.map((one) => ({
        key: `/registers/${one.key}`,
        label: <Link to={`/registers/${one.key}`}>{said(one.name, i18n.language)}</Link>,
      }));
      return [
        { key: area, type: "group" as const, label: t(`area.${area}`, { defaultValue: area }), children },
      ];
    });
    const administrator = administers(me);
    return [
      ...(!administrator
        ? [
            {
              key: "/",
              icon: <DesktopOutlined aria-hidden="true" />,
              label: <Link to="/">{t("nav.desk")}</Link>,
            },
            {
              key: "/inbox",
              icon: <InboxOutlined aria-hidden="true" />,
              label: (
                <Link to="/inbox">
                  <Flex justify="space-between" align="center">
                    {t("nav.inbox")}
                    <Badge count={waiting.data ?? 0} size="small" />
                  </Flex>
                </Link>
              ),
            },
            {
              key: "/scan",
              icon: <ScanOutlined aria-hidden="true" />,
              label: <Link to="/scan">{t("nav.scan")}</Link>,
            },
            {
              key: "/inspect",
              icon: <FileSearchOutlined aria-hidden="true" />,
              label: <Link to="/inspect">{t("nav.inspect")}</Link>,
            },
          ]
        : []),
      ...(!administers(me) && all.some((one) => (one.tiles ?? []).some((tile) => has(me, ...tile.who)))
        ? [
            {
              key: "/board",
              icon: <BarChartOutlined aria-hidden="true" />,
              label: <Link to="/board">{t("nav.board")}</Link>,
            },
          ]
        : []),
      ...(has(me, "audit_admin")
        ? [
            {
              key: "/log",
              icon: <AuditOutlined aria-hidden="true" />,
              label: <Link to="/log">{t("nav.log")}</Link>,
            },
          ]
        : []),
      ...(administrator
        ? [
            {
              key: "/accounts",
              icon: <TeamOutlined aria-hidden="true" />,
              label: <Link to="/accounts">{t("nav.accounts")}</Link>,
            },
          ]
        : []),
      ...(readsRules(me)
        ? [
            { key: "/units", to: "units", icon: <ApartmentOutlined aria-hidden="true" /> },
            { key: "/packs", to: "packs", icon: <BookOutlined aria-hidden="true" /> },
            { key: "/policies", to: "policies", icon: <SafetyOutlined aria-hidden="true" /> },
          ].map(({ key, to, icon }) => ({ key, icon, label: <Link to={key}>{t(`nav.${to}`)}</Link> }))
        : []),
      ...groups,
    ];
  }, [definitions.data, waiting.data, me, t, i18n.language]);
}

export function Shell({ turn, shade, children }: { turn: () => void; shade: Shade; children: ReactNode }) {
  const { t } = useTranslation();
  const items = useMenu();
  useLive();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const wide = Grid.useBreakpoint().lg ?? true;
  const menu = (
    <Menu
      mode="inline"
      items={items ?? []}
      selectedKeys={[pathname]}
      style={{ borderInlineEnd: 0 }}
      onClick={() => setOpen(false)}
    />
  );
  return (
    <Layout style={{ minHeight: "100vh" }}>
      <a className="skip" href="#content">
        {t("nav.skip")}
      </a>
      <Header turn={turn} shade={shade} {...(wide ? {} : { menu: () => setOpen(true) })} />
      <Layout>
        {wide ? (
          <Layout.Sider
            width={216}
            theme="light"
            style={{ position: "sticky", top: 48, height: "calc(100vh - 48px)", overflow: "auto" }}
          >
            <nav aria-label={t("nav.all")}>{menu}</nav>
          </Layout.Sider>
        ) : (
          <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={260} title={t("nav.all")}>
            <LanguageButton />
            <nav aria-label={t("nav.all")}>{menu}</nav>
          </Drawer>
        )}
        <Layout.Content
          id="content"
          tabIndex={-1}
          role="main"
          style={{ padding: wide ? 16 : 8, minWidth: 0 }}
        >
          <PrintHead />
          <div className="page">
            <Banner />
            <Unasked />
            {children}
          </div>
        </Layout.Content>
      </Layout>
      <Expired />
    </Layout>
  );
}

/** Who is there could not be asked; the page stays, with what was typed in it. */
function Unasked() {
  const session = useSession();
  return session.error && <ProblemNote error={session.error} retry={() => void session.refetch()} />;
}

function Header({ turn, shade, menu }: { turn: () => void; shade: Shade; menu?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const leave = useLeave();
  const wide = Grid.useBreakpoint().md ?? true;
  return (
    <Layout.Header
      style={{ position: "sticky", top: 0, zIndex: 20, height: 48, lineHeight: "48px", padding: "0 12px" }}
    >
      <Flex align="center" gap={12} style={{ height: 48 }}>
        {menu && (
          <Button
            type="text"
            icon={<MenuOutlined aria-hidden="true" />}
            aria-label={t("nav.all")}
            onClick={menu}
          />
        )}
        <Link to="/" aria-label={t("nav.home")} style={{ display: "flex", alignItems: "center", gap: 8 }}>
          <Emblem size={26} />
          {wide && <span className="seal">{t("name")}</span>}
        </Link>
        <div style={{ flex: 1, display: "flex", justifyContent: "center", minWidth: 0 }}>
          <ScanBox />
        </div>
        {me.person && <Bell />}
        {wide && <LanguageButton />}
        <Button
          type="text"
          icon={shade === "dark" ? <SunOutlined aria-hidden="true" /> : <MoonOutlined aria-hidden="true" />}
          aria-label={shade === "dark" ? t("shade.light") : t("shade.dark")}
          onClick={turn}
        />
        <span data-tour="help">
          <Help />
        </span>
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              {
                key: "who",
                icon: <BankOutlined aria-hidden="true" />,
                disabled: true,
                label: me.roles.map((role) => t(`role.${role}`, { defaultValue: role })).join(t("list.and")),
              },
              { key: "mine", label: <Link to="/me">{t("mine.title")}</Link> },
              { key: "imports", label: <Link to="/imports">{t("imports.mine")}</Link> },
              { key: "leave", label: t("leave.now"), onClick: () => void leave() },
            ],
          }}
        >
          <Button
            type="text"
            data-tour="me"
            icon={<UserOutlined aria-hidden="true" />}
            {...(wide ? {} : { "aria-label": me.person?.name ?? me.name })}
          >
            {wide ? (me.person?.name ?? me.name) : ""}
          </Button>
        </Dropdown>
      </Flex>
    </Layout.Header>
  );
}

/** The session is over: whoever it was enters again, and what was half filled in is still there. */
function Expired() {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const session = useSession();
  const leave = useLeave();
  const { token } = theme.useToken();
  const [told, again] = useExpiry();
  const over = told || session.data === null;
  const change = !over && session.data?.must_change === true;
  const entered = async () => {
    await session.refetch();
    again();
    // what was refused meanwhile is asked for anew
    await queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== "me" });
  };
  return (
    <Modal
      open={over || change}
      footer={null}
      closable={false}
      keyboard={false}
      title={change ? t("password.title") : t("leave.over")}
      destroyOnHidden
      width={400}
      // above every drawer, and nothing of what was open can be read through it
      zIndex={2000}
      styles={{ mask: { background: token.colorBgLayout } }}
    >
      {change ? (
        <Suspense fallback={null}>
          <PasswordForm first done={() => void entered()} />
        </Suspense>
      ) : (
        <>
          <LoginForm name={me.name} done={() => void entered()} />
          <Button type="link" block style={{ marginTop: 8 }} onClick={() => void leave()}>
            {t("leave.other")}
          </Button>
        </>
      )}
    </Modal>
  );
}
