"""A run that is stopped and resumed as docs/runs.md shows, with the parameter that resumes it among its parameters."""
import json

from kit import check

TRAIN = """
use runs
param rate = 0.1
param resume = false
param stop = 0
let settings = script_parameters()
remove(settings, "stop")
seed(1)
let net = linear(1, 1)
let optimizer = adam(net, rate: rate)
let x = reshape(linspace(-1.0, 1.0, 16), [16, 1])
let run = open_run("line", 200, parameters: settings, data: fingerprint(x), resume: resume, keep_every: 50)
for i in begin(run, {net: net, optimizer: optimizer}, net)..<200 {
  let loss = mean((net(x) - 3 * x) ** 2)
  zero_grad(optimizer)
  backward(loss)
  step(optimizer)
  if (i + 1) % 50 == 0 { log_metrics(run, i + 1, {loss: loss}) }
  keep(run, i + 1)
  if i == stop - 1 { interrupt() }
}
print(to_json([mean((net(x) - 3 * x) ** 2).item()]))
"""


@check
def a_run_resumes_as_its_page_shows(kit):
    whole, = kit.run(TRAIN)
    kit.run(TRAIN, "--set", "stop=121", status=130)
    resumed, = kit.run(TRAIN, "--set", "resume=true")
    assert resumed == whole, f"the loss is {resumed[0]}, and {whole[0]} undisturbed"
    steps = [json.loads(line)["iteration"] for line in open("line/metrics.jsonl")]
    assert steps == [50, 100, 150, 200], steps


@check
def another_rate_is_refused_by_name(kit):
    kit.run(TRAIN, "--set", "stop=121", status=130)
    kit.run(TRAIN, "--set", "resume=true", "--set", "rate=0.2", status=1)
    assert "rate" in kit.warned and "0.1" in kit.warned, kit.warned
