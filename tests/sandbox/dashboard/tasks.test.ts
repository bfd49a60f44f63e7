import { expectAccessible } from "../../support/browser";
import { clientOf } from "../client";
import { save, withDashboard } from "./support/dashboard";

test("a sandbox that people work: a task is done or refused at its page", () =>
  withDashboard(
    async (page, sandbox) => {
      const { post, good, call } = clientOf(sandbox);
      const { body } = await post(good());
      expect(body).toMatchObject({ status: "pending", task: { id: "1" } });
      await page.getByText("pending").waitFor();
      await page.goto(body.task.url);
      await expectAccessible(page);
      await page.getByRole("button", { name: "CleverTap refused it" }).click();
      await page.getByText("What CleverTap said: must not be empty.").waitFor();
      await page.getByLabel("What CleverTap said").fill("Number is blocked");
      await page.getByRole("button", { name: "CleverTap refused it" }).click();
      await page.getByText("Task 1 is refused.").waitFor();
      await expectAccessible(page);
      const { body: refused } = await call("GET", `/v1/whatsapp/providers/${body.id}`);
      expect(refused).toMatchObject({ status: "refused", statusReason: "Number is blocked" });

      const { body: second } = await post(good({ mobileNumber: "447700900000" }));
      await page.getByRole("link", { name: `Task ${second.task.id}` }).click();
      await page.getByRole("button", { name: "Mark as saved" }).click();
      await page.getByText(`Task ${second.task.id} is done.`).waitFor();
      expect(sandbox.providers()).toContainEqual(
        expect.objectContaining({ id: second.id, status: "active" }),
      );
    },
    { manual: true },
  ));

test("what a person does at the dashboard itself waits for nobody", () =>
  withDashboard(
    async (page, sandbox) => {
      sandbox.createProvider({ mobileNumber: "919999999999" });
      await page.getByRole("link", { name: "Edit Made by hand" }).click();
      await page.getByLabel("Nickname").fill("Changed by hand");
      await save(page);
      await page.getByText("Provider Details Updated Successfully").waitFor();
      expect(sandbox.providers()).toMatchObject([{ nickname: "Changed by hand", status: "active" }]);
      await page.getByRole("link", { name: "Delete Changed by hand" }).click();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText("Changed by hand is deleted.").waitFor();
      expect(sandbox.providers()).toEqual([]);
      expect(sandbox.tasks()).toEqual([]);
    },
    { manual: true },
  ));
