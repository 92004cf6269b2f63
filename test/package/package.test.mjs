// The Debian package as a company meets it: installed, started as its unit does, upgraded over data, removed. Installing happens in
// a copy of this system that is thrown away (an overlay in a mount namespace), which needs root.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'

const root = resolve(import.meta.dirname, '../..')
const OLD = '0.0.1~test'
const NEW = '9.0.0~test'
const scratch = mkdtempSync(join(tmpdir(), 'cham-package-'))
const system = join(scratch, 'system')
let oldPackage, newPackage, namespace

const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const build = (version) => join(root, run(join(root, 'tools/deb/deb'), version).trim())

// A process that holds the mount namespace open; commands enter it.
async function throwAwaySystem() {
  if (process.getuid() !== 0) return 'installing needs root'
  const script = `mount -t tmpfs -o size=1g none "$0" && mkdir "$0/up" "$0/work" "$0/system" &&
    mount -t overlay -o "lowerdir=/,upperdir=$0/up,workdir=$0/work" none "$0/system" &&
    mount -t proc none "$0/system/proc" && mount --rbind /dev "$0/system/dev" && echo ready && exec sleep 900`
  namespace = spawn('unshare', ['-m', 'sh', '-c', script, scratch], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = await new Promise((done) => {
    let text = ''
    namespace.stdout.on('data', (piece) => (text += piece).includes('ready') && done('ready'))
    namespace.stderr.on('data', (piece) => (text += piece))
    namespace.on('exit', () => done(text))
  })
  return said === 'ready' ? null : `no mount namespace with an overlay here: ${said.trim()}`
}

const inside = (...command) => ['nsenter', '-m', '-t', `${namespace.pid}`, 'chroot', system, ...command]
function inSystem(...command) {
  const [program, ...args] = inside(...command)
  const result = spawnSync(program, args, { encoding: 'utf8', env: { PATH: process.env.PATH, DEBIAN_FRONTEND: 'noninteractive' } })
  assert.equal(result.status, 0, `${command.join(' ')}: ${result.stdout}${result.stderr}`)
  return result.stdout
}
const read = (path) => inSystem('cat', path)
const put = (from, to) => run('nsenter', '-m', '-t', `${namespace.pid}`, 'sh', '-c', `cp -r "${from}" "${system}${to}"`)

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })
}

async function until(what, condition) {
  const end = Date.now() + 60_000
  for (;;) {
    const value = await condition().catch(() => null)
    if (value) return value
    assert.ok(Date.now() < end, `still waiting for ${what}`)
    await new Promise((next) => setTimeout(next, 25))
  }
}

// Starts what the unit starts, as the account it names.
async function serve(folder = '/var/lib/cham') {
  const unit = read('/lib/systemd/system/cham.service')
  const start = /^ExecStart=(.*)$/m.exec(unit)[1].replace('/var/lib/cham', folder).split(' ')
  const port = await freePort()
  const account = /^User=(.*)$/m.exec(unit)[1]
  const [program, ...args] = inside('setpriv', `--reuid=${account}`, `--regid=${account}`, '--clear-groups',
    ...start, '--listen', `127.0.0.1:${port}`)
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (piece) => (said += piece))
  child.stderr.on('data', (piece) => (said += piece))
  const ended = new Promise((done) => child.on('exit', (code) => done(code)))
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    ended,
    said: () => said,
    ready: () => until(`readyz: ${said}`, async () => (await fetch(`${url}/readyz`)).status === 200),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

const ask = (question, folder = '/var/lib/cham') =>
  JSON.parse(inSystem('setpriv', '--reuid=cham', '--regid=cham', '--clear-groups', 'sh', '-c',
    `echo '${JSON.stringify(question)}' | cham ask - --data ${folder}`)).rows

const digests = (folder) =>
  inSystem('sh', '-c', `cd ${folder} && find . -type f ! -name lock -exec sha256sum {} + | sort`)

const asCham = (...command) => inSystem('setpriv', '--reuid=cham', '--regid=cham', '--clear-groups', ...command)

let cannot
before(async () => {
  oldPackage = build(OLD)
  newPackage = build(NEW)
  cannot = await throwAwaySystem()
  if (!cannot) {
    for (const [file, name] of [[oldPackage, 'old.deb'], [newPackage, 'new.deb']]) put(file, `/tmp/${name}`)
  } else console.log(`installing is not tested: ${cannot}`)
})
after(() => {
  namespace?.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
  for (const file of [oldPackage, newPackage]) if (file) rmSync(file, { force: true })
})

test('the package holds the program, the units, the configuration and the manual, and nothing else', () => {
  const files = run('dpkg-deb', '--contents', newPackage).split('\n').filter((line) => line && !line.startsWith('d'))
  const names = files.map((line) => line.trim().split(/\s+/)[5])
  for (const name of ['./usr/bin/cham', './etc/cham/cham.conf', './lib/systemd/system/cham.service',
    './lib/systemd/system/cham@.service', './lib/systemd/system/cham@.service.d/hardening.conf',
    './usr/share/doc/cham/operations.md', './usr/share/doc/cham/copyright', './usr/share/doc/cham/examples/nginx.conf']) {
    assert.ok(names.includes(name), name)
  }
  for (const [k, name] of names.entries()) {
    assert.match(name, /^\.\/(usr\/bin\/cham$|etc\/cham\/|lib\/systemd\/system\/|usr\/share\/doc\/cham\/)/)
    assert.match(files[k], / root\/root /)
    assert.doesNotMatch(files[k].slice(0, 10), /^.....w|^........w/, `${name} is writable for others`)
  }
  const field = (name) => run('dpkg-deb', '--field', newPackage, name).trim()
  assert.equal(field('Version'), NEW)
  for (const library of ['libsqlite3-0', 'libpq5', 'libcurl', 'libmicrohttpd', 'libsodium']) assert.ok(field('Depends').includes(library), library)
})

test('the same program gives the same package', () => {
  const digest = () => createHash('sha256').update(readFileSync(build(OLD))).digest('hex')
  assert.equal(digest(), digest())
})

test('systemd understands the units, and little is left open', (t) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) return t.skip('no systemd-analyze here')
  const tree = join(scratch, 'units')
  run('dpkg-deb', '--extract', newPackage, tree)
  for (const unit of ['cham.service', 'cham@8081.service']) {
    const checked = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', `--root=${tree}`, unit], { encoding: 'utf8' })
    const about = checked.stderr.split('\n').filter((line) => /cham/.test(line) && !/Failed to (add|create)|not found|Command .* is not executable/.test(line))
    assert.deepEqual(about, [], unit)
  }
  const security = spawnSync('systemd-analyze', ['security', '--offline=true', `--root=${tree}`, '--no-pager', 'cham.service'], { encoding: 'utf8' })
  const exposure = /exposure level for cham\.service: ([\d.]+)/.exec(security.stdout)
  assert.ok(exposure && Number(exposure[1]) <= 2.5, security.stdout.slice(-300) + security.stderr)
})

test('installed, it serves the pages under an account of its own', async (t) => {
  if (cannot) return t.skip(cannot)
  inSystem('dpkg', '-i', '/tmp/old.deb')
  assert.equal(inSystem('stat', '-c', '%U %G %a', '/var/lib/cham').trim(), 'cham cham 700')
  assert.equal(inSystem('stat', '-c', '%U %G %a', '/etc/cham/cham.conf').trim(), 'root cham 640')
  const server = await serve()
  await server.ready()
  const page = await fetch(server.url)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /<script type="module"/)
  assert.match(server.said(), /http/) // the link for the owner
  assert.equal(await server.stop(), 0)
})

test('upgrading keeps data and configuration', async (t) => {
  if (cannot) return t.skip(cannot)
  inSystem('sh', '-c', "echo 'language = en' >> /etc/cham/cham.conf")
  put(join(import.meta.dirname, 'lines.csv'), '/tmp/lines.csv')
  put(join(import.meta.dirname, 'lines.json'), '/tmp/lines.json')
  asCham('cham', 'import', '/tmp/lines.csv', '--map', '/tmp/lines.json', '--data', '/var/lib/cham')
  const question = { ask: 'score', metric: 'nps' }
  const rows = ask(question)
  assert.equal(rows[0].n, 3)
  inSystem('dpkg', '-i', '/tmp/new.deb')
  assert.match(read('/etc/cham/cham.conf'), /language = en/)
  assert.deepEqual(ask(question), rows)
  const server = await serve()
  await server.ready()
  assert.equal(await server.stop(), 0)
})

test('data in the format of an earlier release is brought to the present one', async (t) => {
  if (cannot) return t.skip(cannot)
  inSystem('mkdir', '/var/lib/cham/earlier')
  put(join(import.meta.dirname, 'format-4.tar.gz'), '/tmp/format-4.tar.gz')
  inSystem('tar', 'xzf', '/tmp/format-4.tar.gz', '-C', '/var/lib/cham/earlier')
  inSystem('chown', '-R', 'cham:cham', '/var/lib/cham/earlier')
  const newest = () => Number(asCham('/usr/bin/python3', '-c',
    'import sqlite3; print(sqlite3.connect("/var/lib/cham/earlier/records.db").execute("SELECT max(number) FROM migrations").fetchone()[0])'))
  assert.equal(newest(), 4)
  const server = await serve('/var/lib/cham/earlier')
  await server.ready()
  assert.equal(await server.stop(), 0)
  const steps = readdirSync(join(root, 'sql/migrations')).filter((name) => /^\d{4}_/.test(name)).length
  assert.equal(newest(), steps)
  const rows = ask({ ask: 'score', metric: 'nps' }, '/var/lib/cham/earlier')
  assert.deepEqual(rows[0].counts, { promoters: 2, passives: 0, detractors: 1 })
  assert.equal(ask({ ask: 'count' }, '/var/lib/cham/earlier')[0].events, 6)
})

test('data in a newer format is refused and not touched', async (t) => {
  if (cannot) return t.skip(cannot)
  for (const database of ['records', 'events']) {
    const folder = `/var/lib/cham/newer-${database}`
    inSystem('cp', '-a', '/var/lib/cham/earlier', folder)
    asCham('/usr/bin/python3', '-c', `import sqlite3
base = sqlite3.connect("${folder}/${database}.db")
base.execute("INSERT INTO migrations (number, name, digest, applied_ms) VALUES (9999, '9999_to_come', '', 0)")
base.commit()
base.close()`)
    const earlier = digests(folder)
    const server = await serve(folder)
    assert.notEqual(await server.ended, 0)
    assert.match(server.said(), /newer/i)
    assert.equal(digests(folder), earlier, database)
  }
})

test('removed and purged, the data stays', (t) => {
  if (cannot) return t.skip(cannot)
  inSystem('dpkg', '--remove', 'cham')
  assert.match(read('/etc/cham/cham.conf'), /language = en/)
  const said = inSystem('dpkg', '--purge', 'cham')
  assert.match(said, /the data stays/)
  inSystem('test', '!', '-e', '/etc/cham')
  inSystem('test', '-e', '/var/lib/cham/events.db')
})
