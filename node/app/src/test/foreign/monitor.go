// Reads a feed as any transparency log is read: with the Go project's own packages note and tlog.
// Usage: monitor FOLDER AUTHOR-KEY [COSIGNER-KEY...]
// The folder holds what the node serves: checkpoint, tile/..., proof.json, consistency.json.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// cosigner verifies cosignature/v1, which the package note does not know.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }
func (c cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), text...), sig[8:])
}

func newCosigner(vkey string) (cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	id, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return cosigner{}, err
	}
	blob, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(blob) != 33 || blob[0] != 4 {
		return cosigner{}, errors.New("no cosigner's key: " + vkey)
	}
	return cosigner{parts[0], uint32(id), blob[1:]}, nil
}

// folder reads tiles where tlog-tiles puts them.
type folder string

func (f folder) Height() int                        { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte)    {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(f.path("tile/"+strconv.Itoa(tile.L), tile.N, tile.W))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) path(kind string, n int64, width int) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if width < 256 {
		name += ".p/" + strconv.Itoa(width)
	}
	return filepath.Join(string(f), kind, name)
}

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func hashes(texts []string) []tlog.Hash {
	var all []tlog.Hash
	for _, text := range texts {
		all = append(all, hash(text))
	}
	return all
}

func hash(text string) (h tlog.Hash) {
	bytes, err := hex.DecodeString(text)
	check(err)
	copy(h[:], bytes)
	return h
}

func main() {
	dir := folder(os.Args[1])
	author, err := note.NewVerifier(os.Args[2])
	check(err)
	verifiers := []note.Verifier{author}
	for _, vkey := range os.Args[3:] {
		c, err := newCosigner(vkey)
		check(err)
		verifiers = append(verifiers, c)
	}
	tree := open(filepath.Join(string(dir), "checkpoint"), verifiers)
	fmt.Println("checkpoint of", tree.N, "records, signatures:", len(verifiers))

	// Every entry hashes to its leaf, and all leaves to the root.
	reader := tlog.TileHashReader(tree, dir)
	for n := int64(0); n*256 < tree.N; n++ {
		width := tree.N - n*256
		if width > 256 {
			width = 256
		}
		bundle, err := os.ReadFile(dir.path("tile/entries", n, int(width)))
		check(err)
		for i := int64(0); i < width; i++ {
			length := int(binary.BigEndian.Uint16(bundle))
			leaf := tlog.RecordHash(bundle[2 : 2+length])
			bundle = bundle[2+length:]
			held, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n*256+i)})
			check(err)
			if held[0] != leaf {
				check(fmt.Errorf("entry %d is not its leaf", n*256+i))
			}
		}
		if len(bundle) != 0 {
			check(errors.New("more bytes than entries"))
		}
	}
	fmt.Println("entries:", tree.N)

	var proof struct {
		Hash       string
		Index      int64
		Size       int64
		Hashes     []string
		Checkpoint string
	}
	read(filepath.Join(string(dir), "proof.json"), &proof)
	check(os.WriteFile(filepath.Join(string(dir), "covering"), []byte(proof.Checkpoint), 0o600))
	covering := open(filepath.Join(string(dir), "covering"), verifiers)
	check(tlog.CheckRecord(
		hashes(proof.Hashes), covering.N, covering.Hash, proof.Index, hash(proof.Hash)))
	fmt.Println("inclusion: record", proof.Index+1, "of", covering.N)

	var consistency struct {
		From, To         int64
		FromRoot, ToRoot string
		Hashes           []string
	}
	read(filepath.Join(string(dir), "consistency.json"), &consistency)
	check(tlog.CheckTree(hashes(consistency.Hashes), consistency.To, hash(consistency.ToRoot),
		consistency.From, hash(consistency.FromRoot)))
	fmt.Println("consistency:", consistency.From, "to", consistency.To)
}

func read(path string, value any) {
	data, err := os.ReadFile(path)
	check(err)
	check(json.Unmarshal(data, value))
}

// open demands the author's signature and every cosigner's.
func open(path string, verifiers []note.Verifier) tlog.Tree {
	data, err := os.ReadFile(path)
	check(err)
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	check(err)
	if len(opened.Sigs) != len(verifiers) || len(opened.UnverifiedSigs) != 0 {
		check(fmt.Errorf("%d of %d signatures", len(opened.Sigs), len(verifiers)))
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifiers[0].Name() {
		check(errors.New("origin is " + lines[0]))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}
