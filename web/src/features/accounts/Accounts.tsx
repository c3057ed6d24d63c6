// Accounts: the system administrator makes them, the security administrator gives roles; some changes need two.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  Alert,
  Button,
  Drawer,
  Flex,
  Form,
  Input,
  Modal,
  Select,
  Switch,
  Table,
  Tag,
  Typography,
} from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, got, notRead, Refused, type Shapes } from "../../api/client";
import { useProof } from "../../app/StepUp";
import { has, useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { LinkPicker } from "../../registers/fields/LinkPicker";
import { NameOf } from "../../registers/fields/NameOf";
import { answerOf } from "../../ui/answer";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";
import { usePolicies } from "../packs/queries";
import { RoleDuties } from "../policies/RoleDuties";
import { type Change, isSame, mergedOf } from "./merged";

type Account = Shapes["Account"];

const ROLES = [
  "staff",
  "classifier",
  "registrar",
  "leader",
  "office_head",
  "system_admin",
  "security_admin",
  "audit_admin",
];

const ALL = {
  queryKey: ["accounts"],
  queryFn: async () => (await got(api.GET("/api/v1/accounts"))).items,
};

export function Accounts() {
  const { t } = useTranslation();
  const me = useMe();
  const [made, setMade] = useState<Shapes["AccountMade"]>();
  const [making, make] = useState(false);
  const [changed, change] = useState<Account>();
  const asked = useQuery(ALL);
  const accounts = answerOf(asked);
  useTitle(t("nav.accounts"));
  if (accounts.data === undefined) {
    return accounts.instead;
  }
  return (
    <Flex vertical gap={12}>
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {t("nav.accounts")}
        </Typography.Title>
        {has(me, "system_admin") && (
          <Button type="primary" onClick={() => make(true)}>
            {t("accounts.make")}
          </Button>
        )}
      </Flex>
      {accounts.note}
      <AccountTable accounts={accounts.data} change={change} told={setMade} />
      {making && (
        <Making
          close={() => make(false)}
          done={(one) => {
            make(false);
            setMade(one);
          }}
        />
      )}
      {changed && (
        <Changing
          key={changed.id}
          now={accounts.data.find((one) => one.id === changed.id) ?? changed}
          close={() => change(undefined)}
        />
      )}
      {made && (
        // WHY not by a click beside it: the password is shown this once
        <Modal
          open
          maskClosable={false}
          onCancel={() => setMade(undefined)}
          footer={null}
          title={t("accounts.once")}
        >
          <Typography.Paragraph>{t("accounts.onceWhy", { name: made.account.name })}</Typography.Paragraph>
          <Typography.Text code copyable style={{ fontSize: 16 }}>
            {made.password}
          </Typography.Text>
        </Modal>
      )}
    </Flex>
  );
}

type TableProps = {
  accounts: Account[];
  change: (account: Account) => void;
  told: (made: Shapes["AccountMade"]) => void;
};

function AccountTable({ accounts, change, told }: TableProps) {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const proof = useProof();
  const confirm = useMutation({
    mutationFn: (id: string) => got(api.POST("/api/v1/accounts/{id}/confirm", { params: { path: { id } } })),
    onSuccess: (came) => {
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      const made = came as unknown as Shapes["AccountMade"] | undefined;
      if (made?.password) {
        told(made);
      }
    },
    onError: (error, id) => proof.hear(error, () => confirm.mutate(id)),
  });
  const admin = has(me, "security_admin");
  const [read, setRead] = useState<Account>();
  return (
    <>
      {confirm.error && !proof.proving && <ProblemNote error={confirm.error} />}
      <Table<Account>
        size="small"
        rowKey="id"
        dataSource={accounts}
        pagination={accounts.length > 50 ? { pageSize: 50 } : false}
        scroll={{ x: "max-content" }}
        columns={[
          { key: "name", title: t("accounts.name"), render: (_, one) => <bdi>{one.name}</bdi> },
          {
            key: "person",
            title: t("accounts.person"),
            render: (_, one) => (one.person ? <NameOf id={one.person} /> : "—"),
          },
          {
            key: "roles",
            title: t("accounts.roles"),
            render: (_, one) => (
              <Flex gap={4} wrap>
                {one.roles.map((role) => (
                  <Tag key={role} variant="outlined" style={{ margin: 0 }}>
                    {t(`role.${role}`, { defaultValue: role })}
                  </Tag>
                ))}
              </Flex>
            ),
          },
          {
            key: "is",
            title: t("accounts.is"),
            render: (_, one) => (
              <>
                {one.disabled ? t("accounts.off") : t("accounts.on")}
                {one.totp ? ` · ${t("accounts.totp")}` : ""}
                {one.locked_until ? (
                  <>
                    {" · "}
                    {t("accounts.locked")} <When at={one.locked_until} />
                  </>
                ) : null}
              </>
            ),
          },
          {
            key: "do",
            title: t("rows.do"),
            render: (_, one) => (
              <Flex gap={6} wrap>
                {one.waiting && one.waiting.asked_by !== me.account && (
                  <Button size="small" type="primary" onClick={() => confirm.mutate(one.id)}>
                    {t(`accounts.confirm_${one.waiting.kind}`)}
                  </Button>
                )}
                {one.waiting && one.waiting.asked_by === me.account && <Tag>{t("accounts.waits")}</Tag>}
                <Button size="small" onClick={() => setRead(one)}>
                  {t("policies.duties")}
                </Button>
                {admin && (
                  <Button size="small" onClick={() => change(one)}>
                    {t("accounts.change")}
                  </Button>
                )}
              </Flex>
            ),
          },
        ]}
      />
      {read && <Duties account={read} close={() => setRead(undefined)} />}
      {proof.box}
    </>
  );
}

/** What the roles of an account may do, in the words of the policies. */
function Duties({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation();
  const policies = usePolicies();
  const own = policies.data?.roles.filter((one) => account.roles.includes(one.role)) ?? [];
  return (
    <Drawer open onClose={close} size={520} title={<bdi>{account.name}</bdi>}>
      {policies.isPending && <Coming />}
      {policies.error && <ProblemNote error={policies.error} />}
      <Flex vertical gap={12}>
        <Typography.Text type="secondary">{t("policies.why")}</Typography.Text>
        {policies.data && own.length === 0 && t("policies.nothing")}
        {own.map((one) => (
          <section key={one.role} aria-label={t(`role.${one.role}`)}>
            <strong>{t(`role.${one.role}`)}</strong>
            <RoleDuties role={one} />
          </section>
        ))}
        <Link to="/policies?tab=roles">{t("policies.tab_all")}</Link>
      </Flex>
    </Drawer>
  );
}

function Making({ close, done }: { close: () => void; done: (made: Shapes["AccountMade"]) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ name: string; person?: string }>();
  const proof = useProof();
  const make = useMutation({
    mutationFn: ({ name, person }: { name: string; person?: string }) =>
      got(
        api.POST("/api/v1/accounts", { body: { name, roles: [], ...(person ? { person } : {}) } as never }),
      ),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      done(made);
    },
    onError: (error) => proof.hear(error, () => form.submit()),
  });
  return (
    <Modal open maskClosable={false} onCancel={close} footer={null} title={t("accounts.make")}>
      <Alert type="info" title={t("accounts.makeWhy")} style={{ marginBottom: 12 }} />
      <Form form={form} layout="vertical" onFinish={(values) => make.mutate(values)}>
        <Form.Item
          name="name"
          label={t("accounts.name")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="person" label={t("accounts.person")}>
          <LinkPicker register="person" label={t("accounts.person")} />
        </Form.Item>
        {make.error && !proof.proving && <ProblemNote error={make.error} />}
        <Button type="primary" htmlType="submit" loading={make.isPending} style={{ marginTop: 8 }}>
          {t("accounts.make")}
        </Button>
      </Form>
      {proof.box}
    </Modal>
  );
}

function Changing({ now, close }: { now: Account; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<Change>();
  const [seen, see] = useState(now);
  const proof = useProof();
  const save = useMutation({
    mutationFn: async (body: Change) => {
      // WHY asked first: all roles are put in the place of those that are there, and the server is told no version
      const fresh = await queries.fetchQuery({ ...ALL, staleTime: 0 });
      const there = fresh.find((one) => one.id === seen.id);
      if (there && !isSame(there, seen)) {
        throw new Refused(notRead("web.behind"));
      }
      return got(api.PUT("/api/v1/accounts/{id}", { params: { path: { id: seen.id } }, body }));
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      close();
    },
    onError: (error) => proof.hear(error, () => form.submit()),
  });
  return (
    <Modal
      open
      maskClosable={false}
      onCancel={close}
      footer={null}
      title={t("accounts.changeOf", { name: seen.name })}
    >
      {!isSame(now, seen) && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          style={{ marginBottom: 12 }}
          title={t("behind.title")}
          action={
            <Button
              size="small"
              type="primary"
              onClick={() => {
                form.setFieldsValue(mergedOf(form.getFieldsValue(), seen, now));
                see(now);
                save.reset();
              }}
            >
              {t("behind.load")}
            </Button>
          }
        />
      )}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ roles: seen.roles, disabled: seen.disabled }}
        onFinish={(values) => save.mutate(values)}
      >
        <Form.Item name="roles" label={t("accounts.roles")}>
          <Select
            mode="multiple"
            options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          />
        </Form.Item>
        <Form.Item name="disabled" label={t("accounts.off")} valuePropName="checked">
          <Switch />
        </Form.Item>
        {save.error && !proof.proving && <ProblemNote error={save.error} />}
        <Button type="primary" htmlType="submit" loading={save.isPending} style={{ marginTop: 8 }}>
          {t("accounts.save")}
        </Button>
      </Form>
      {proof.box}
    </Modal>
  );
}
